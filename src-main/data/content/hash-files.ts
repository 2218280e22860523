import { mkdir, readFile, stat } from 'node:fs/promises'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { writeFileAtomic } from '../../disk/atomic-write.ts'
import type { DataDeps } from './data-deps.ts'
import type { Manifest, ManifestEntry } from './manifest.ts'
import { sha256OfFile } from '../../disk/sha256.ts'
import { homeLayout } from '../../disk/home-layout.ts'

export interface NamedFile {
  /** Name in the manifest. */
  readonly name: string
  readonly path: string
}

interface Known {
  readonly size: number
  readonly modified: number
  readonly hash: string
}

/** A file whose size and time of change are as before is not read again. */

/** Files hashed at the same time; more only make the disk seek. */
const AT_ONCE = 8

/**
 * Size and content hash of each file; `again` reads files too that seem not to have changed. CotrainError `data-missing`
 * names the first one that is not there.
 */
export async function hashFiles(
  files: readonly NamedFile[],
  deps: DataDeps,
  trust: 'known' | 'again' = 'known',
): Promise<Manifest> {
  const known = trust === 'again' ? new Map<string, Known>() : await readKnown(deps.home)
  const entries: ManifestEntry[] = new Array<ManifestEntry>(files.length)
  let next = 0
  let done = 0
  let changed = false
  const work = async (): Promise<void> => {
    for (let at = next++; at < files.length; at = next++) {
      const file = files[at]! // at < length
      const { size, mtimeMs } = await statOf(file.path)
      const before = known.get(file.path)
      const same = before !== undefined && before.size === size && before.modified === mtimeMs
      const hash = same ? before.hash : await sha256OfFile(file.path)
      if (!same) {
        known.set(file.path, { size, modified: mtimeMs, hash })
        changed = true
      }
      entries[at] = { name: file.name, bytes: size, hash }
      if (++done % 500 === 0) deps.progress?.('checking files', done / files.length)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  if (changed) await writeKnown(deps.home, new Map([...(await readKnown(deps.home)), ...known]))
  return entries
}

async function statOf(path: string): Promise<{ size: number; mtimeMs: number }> {
  try {
    return await stat(path)
  } catch {
    throw new CotrainError({
      code: 'data-missing',
      path,
      message: 'no such file.',
      hint: 'Put the data there, or change the folder in the config.',
    })
  }
}

async function readKnown(home: string): Promise<Map<string, Known>> {
  try {
    return new Map(
      Object.entries(
        JSON.parse(await readFile(homeLayout(home).fileHashes, 'utf8')) as Record<string, Known>,
      ),
    )
  } catch {
    return new Map() // a cache: absent or damaged, it is made again
  }
}

async function writeKnown(home: string, known: ReadonlyMap<string, Known>): Promise<void> {
  await mkdir(homeLayout(home).cache, { recursive: true })
  await writeFileAtomic(homeLayout(home).fileHashes, JSON.stringify(Object.fromEntries(known)))
}
