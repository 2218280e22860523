import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { contentHash, type HashRule, HASH_RULE } from '../../io/canonical/content-hash.ts'
import { loadCanonical, openCanonical } from '../../io/canonical/read.ts'
import { cachedContent } from './content-cache.ts'
import type { DataDeps } from './data-deps.ts'
import type { Manifest } from './manifest.ts'

/** What a data file holds, by its content: two files written at other times or under other names are one recording. */
export function recordingContent(
  path: string,
  deps: Pick<DataDeps, 'home'>,
  rule: HashRule = HASH_RULE,
): Promise<Manifest> {
  const { size, mtimeMs } = statSync(path)
  return cachedContent({ path, size, mtimeMs, rule }, () => describe(path, size, rule), deps)
}

async function describe(path: string, bytes: number, rule: HashRule): Promise<Manifest> {
  const file = await openCanonical(path)
  try {
    const hash = await contentHash(loadCanonical(file), rule)
    return [{ name: basename(path), bytes, hash: hash.replace(/^sha256:/, '') }]
  } finally {
    file.close()
  }
}
