import { existsSync, statSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import { importInSandbox } from '../../io/importers/sandbox/sandbox.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { filesBelow } from '../content/files-below.ts'
import { sha256 } from '../../disk/sha256.ts'
import { homeLayout } from '../../disk/home-layout.ts'

/** A recording to be read by an importer, with what the importer is told. */
export interface ImportJob {
  readonly path: string
  readonly importer: string
  readonly options: Readonly<Record<string, unknown>>
}

/** Place of the data file that a job makes; it changes with the files (by size and time), the importer and its options. */
function preparedFile({ path, importer, options }: ImportJob, home: string): string {
  const files = filesBelow(path).map(({ name, path: file }) => {
    const { size, mtimeMs } = statSync(file)
    return [name, size, mtimeMs]
  })
  return join(homeLayout(home).prepared, `${sha256(canonicalJson({ path, importer, options, files }))}.h5`)
}

/**
 * Imports in a process of its own, or takes what an earlier look at the same files has made. One file is kept at most: it
 * serves the person who looks, decides and adds.
 */
export async function prepareImport(job: ImportJob, deps: DataDeps): Promise<string> {
  const output = preparedFile(job, deps.home)
  if (existsSync(output)) return output
  await mkdir(homeLayout(deps.home).prepared, { recursive: true })
  for (const name of await readdir(homeLayout(deps.home).prepared))
    if (name.endsWith('.h5')) await rm(join(homeLayout(deps.home).prepared, name), { force: true })
  deps.progress?.(`reading ${basename(job.path)}`, null)
  await importInSandbox({
    importer: job.importer,
    path: job.path,
    options: job.options,
    output,
    created: deps.date().toISOString(),
    progress: (text, fraction) => deps.progress?.(text, fraction),
    ...(deps.signal && { signal: deps.signal }),
  })
  return output
}
