import { join } from 'node:path'

/** Where everything of a home folder lives; no other file of the app spells these names. */
export interface HomeLayout {
  readonly home: string
  readonly runs: string
  readonly trash: string
  readonly queue: string
  readonly claims: string
  /** Recipes that were started, a file each. */
  readonly families: string
  readonly removedFamilies: string
  readonly settings: string
  /** What the interface remembers. */
  readonly interface: string
  readonly supervisorLock: string
  /** Who did what through the web server. */
  readonly audit: string
  /** The native library and what was proved about it. */
  readonly engine: string
  /** Parts that a lab has added, a folder for each content, and which of them are trusted. */
  readonly plugins: string
  /** Recordings of the library, with a record each. */
  readonly datasets: string
  /** Published sets of images, a folder each. */
  readonly images: string
  readonly removedData: string
  /** What repairs took out of its place, a folder for each repair. */
  readonly setAside: string
  /** Derived files, from here on: they may be deleted at any time. */
  readonly index: string
  /** Summaries of the runs. */
  readonly indexFile: string
  readonly series: string
  /** Shapes of data, by what they are shapes of. */
  readonly shapes: string
  readonly cache: string
  readonly decodedPixels: string
  readonly corruptedPixels: string
  readonly contents: string
  readonly manifests: string
  readonly imported: string
  /** Imports that were looked at and not added yet. */
  readonly prepared: string
  readonly fileHashes: string
}

export function homeLayout(home: string): HomeLayout {
  const datasets = join(home, 'datasets')
  const families = join(home, 'families')
  const index = join(home, 'index')
  const cache = join(home, 'cache')
  const contents = join(cache, 'contents')
  return {
    home,
    runs: join(home, 'runs'),
    trash: join(home, 'trash'),
    queue: join(home, 'queue.json'),
    claims: join(home, 'claims'),
    families,
    removedFamilies: join(families, 'trash'),
    settings: join(home, 'settings.json'),
    interface: join(home, 'ui.json'),
    supervisorLock: join(home, 'supervisor.lock'),
    audit: join(home, 'audit.log'),
    engine: join(home, 'engine'),
    plugins: join(home, 'plugins'),
    datasets,
    images: join(datasets, 'images'),
    removedData: join(datasets, 'trash'),
    setAside: join(home, 'set-aside'),
    index,
    indexFile: join(index, 'runs.jsonl'),
    series: join(index, 'series'),
    shapes: join(index, 'shapes'),
    cache,
    decodedPixels: join(cache, 'pixels'),
    corruptedPixels: join(cache, 'corrupted'),
    contents,
    manifests: join(contents, 'sets'),
    imported: join(cache, 'imported'),
    prepared: join(cache, 'prepared'),
    fileHashes: join(cache, 'file-hashes.json'),
  }
}
