import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { openTree } from '../../io/formats/zip/file-tree.ts'
import type { NamedFile } from './hash-files.ts'

/** A file itself, or every file of a folder. */
export function filesBelow(path: string): NamedFile[] {
  if (statSync(path).isFile()) return [{ name: basename(path), path }]
  const tree = openTree(path)
  return tree.files.map(({ name }) => ({ name, path: tree.pathOf(name) }))
}
