import type { FileTree } from '../../formats/zip/file-tree.ts'
import { readLines } from '../sources/text-lines.ts'

/** Names by WordNet id from a tab-separated table; empty when the tree has none. */
export function readWords(tree: FileTree, name: string): ReadonlyMap<string, string> {
  if (!tree.has(name)) return new Map()
  return new Map(
    readLines(tree, name).map((line) => {
      const [id = '', words = ''] = line.split('\t')
      return [id, words.trim()] as const
    }),
  )
}
