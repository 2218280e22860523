import type { FileTree } from '../../formats/zip/file-tree.ts'
import { refusedFile, missingFile } from '../../formats/base/problem.ts'

/** Tables of names are a few megabytes at most. */
const MAX_TEXT_BYTES = 64_000_000

/** The non-empty lines of a text file of a tree. */
export function readLines(tree: FileTree, name: string): string[] {
  const size = tree.files.find((file) => file.name === name)?.size
  if (size === undefined) throw missingFile(tree.pathOf(name))
  if (size > MAX_TEXT_BYTES)
    throw refusedFile(tree.pathOf(name), null, `has ${size} bytes, too many for a list of names.`)
  return new TextDecoder()
    .decode(tree.read(name))
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
}
