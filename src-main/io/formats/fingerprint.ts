import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { withFile } from './byte-source.ts'
import { openTree, type TreeFile } from './file-tree.ts'
import { missingFile } from './problem.ts'

export interface FileFingerprint extends TreeFile {
  readonly sha256: string
}

/** What a data folder or file contained when it was added. */
export interface Fingerprint {
  /** SHA-256 over names and digests of all files. */
  readonly digest: string
  readonly files: readonly FileFingerprint[]
}

export interface FingerprintChange {
  readonly changed: readonly string[]
  readonly missing: readonly string[]
  readonly added: readonly string[]
}

const BLOCK_BYTES = 4_000_000

/**
 * Digest of every file of a folder, or of one file. A file whose size and time of change are those of `known` is not
 * read again, so that a large unchanged set is checked in seconds.
 */
export function fingerprintPath(path: string, known?: Fingerprint): Fingerprint {
  const before = new Map(known?.files.map((file) => [file.name, file]))
  const files = listOf(path).map(({ file, path: at }): FileFingerprint => {
    const former = before.get(file.name)
    const same = former?.size === file.size && former.stamp === file.stamp
    return { ...file, sha256: same ? former.sha256 : hashFile(at) }
  })
  const hash = createHash('sha256')
  for (const { name, sha256 } of files) hash.update(`${sha256}  ${name}\n`)
  return { digest: hash.digest('hex'), files }
}

/** Which files differ, by name; all lists are empty when the data is the same. */
export function compareFingerprints(before: Fingerprint, now: Fingerprint): FingerprintChange {
  const digests = new Map(now.files.map(({ name, sha256 }) => [name, sha256]))
  const former = new Set(before.files.map(({ name }) => name))
  return {
    changed: before.files
      .filter(({ name, sha256 }) => digests.has(name) && digests.get(name) !== sha256)
      .map(({ name }) => name),
    missing: before.files.filter(({ name }) => !digests.has(name)).map(({ name }) => name),
    added: now.files.filter(({ name }) => !former.has(name)).map(({ name }) => name),
  }
}

function listOf(path: string): { file: TreeFile; path: string }[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw missingFile(path, 'no such file or folder.')
  if (!stat.isDirectory())
    return [{ file: { name: basename(path), size: stat.size, stamp: String(stat.mtimeMs) }, path }]
  const tree = openTree(path)
  return tree.files.map((file) => ({ file, path: tree.pathOf(file.name) }))
}

function hashFile(path: string): string {
  return withFile(path, (source) => {
    const hash = createHash('sha256')
    for (let at = 0; at < source.size; at += BLOCK_BYTES)
      hash.update(source.read(at, Math.min(BLOCK_BYTES, source.size - at)))
    return hash.digest('hex')
  })
}
