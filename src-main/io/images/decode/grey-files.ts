import { openTree } from '../../formats/zip/file-tree.ts'
import { jpegFrame } from './jpeg-frame.ts'

/** How many JPEGs below each folder of a set are stored with one channel; they are read as three equal ones. */
export function singleChannelFiles(path: string): ReadonlyMap<string, number> {
  const tree = openTree(path)
  try {
    const counts = new Map<string, number>()
    for (const { name } of tree.files) {
      if (!/\.jpe?g$/i.test(name) || jpegFrame(tree.read(name))?.channels !== 1) continue
      const part = name.replace(/^tiny-imagenet-200\//, '').split('/')[0] ?? ''
      counts.set(part, (counts.get(part) ?? 0) + 1)
    }
    return counts
  } finally {
    tree.close()
  }
}
