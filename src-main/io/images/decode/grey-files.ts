import { openTree } from '../../formats/zip/file-tree.ts'

/** Start-of-frame markers of JPEG; C4, C8 and CC of that range are tables. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** Channels that a JPEG stores, by its frame header; 0 where the bytes are none. */
function jpegChannels(bytes: Uint8Array): number {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return 0
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return 0
    const marker = bytes[at + 1]! // at + 9 is inside
    if (isFrame(marker)) return bytes[at + 9]!
    at += 2 + bytes[at + 2]! * 256 + bytes[at + 3]!
  }
  return 0
}

/** How many JPEGs below each folder of a set are stored with one channel; they are read as three equal ones. */
export function singleChannelFiles(path: string): ReadonlyMap<string, number> {
  const tree = openTree(path)
  try {
    const counts = new Map<string, number>()
    for (const { name } of tree.files) {
      if (!/\.jpe?g$/i.test(name) || jpegChannels(tree.read(name)) !== 1) continue
      const part = name.replace(/^tiny-imagenet-200\//, '').split('/')[0] ?? ''
      counts.set(part, (counts.get(part) ?? 0) + 1)
    }
    return counts
  } finally {
    tree.close()
  }
}
