import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shortSha256 } from '../../../disk/sha256.ts'

/** What {@link digestOfSources} gave when the program was built; sources that run as they are have none. */
declare const COTRAIN_CASES_DIGEST: string | undefined

/** Tells versions of the cases, and of the engine's operations that they call, apart: the same built and from source. */
export const casesDigest = async (): Promise<string> =>
  typeof COTRAIN_CASES_DIGEST === 'string'
    ? COTRAIN_CASES_DIGEST
    : digestOfSources(fileURLToPath(new URL('../../../engine/', import.meta.url)))

/** Digest of the sources of cases and operations below the engine's folder. */
export async function digestOfSources(engine: string): Promise<string> {
  const files = await Promise.all(
    ['proof', 'tensor'].map(async (name) => {
      const folder = join(engine, name)
      const names = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts')).sort()
      return Promise.all(names.map((file) => readFile(join(folder, file), 'utf8')))
    }),
  )
  return shortSha256(files.flat().join('\n'))
}
