import { statSync } from 'node:fs'
import { relative } from 'node:path'
import type { LabelledImages } from '../../engine/types.ts'
import { pixelBlocks } from '../../io/canonical/pixel-blocks.ts'
import { openTree } from '../../io/formats/zip/file-tree.ts'
import type { ImageSet, ImageSetKind, PartName } from '../../io/images/sources/image-set.ts'
import type { LabelledEntries } from '../../io/images/sources/image-entry.ts'
import { useImageSet } from '../../io/images/open-image-set.ts'
import { pixelContent } from '../../io/images/decode/pixel-content.ts'
import type { StatedPixels } from '../../io/images/sources/typed-pixels.ts'
import { cachedContent } from './content-cache.ts'
import type { DataDeps } from './data-deps.ts'
import type { Manifest, ManifestEntry } from './manifest.ts'
import { sha256, startSha256 } from '../../disk/sha256.ts'

export interface ImagePlaceOnDisk {
  readonly path: string
  readonly kind?: ImageSetKind | undefined
  readonly stated: StatedPixels
  /** Folder for decoded pixels. */
  readonly cacheFolder: string
}

const PARTS: readonly PartName[] = ['train', 'val', 'test']
/** Images in flight. */
const WINDOW = 16

/**
 * What a classification set is, wherever and in whatever container it lies: its images in their order with their labels
 * and parts, and the ids of the classes. Files that no reader uses, names of containers, dates and compression are no part
 * of it. `again` reads files too that seem unchanged.
 */
export function imageContent(
  place: ImagePlaceOnDisk,
  deps: DataDeps,
  trust: 'known' | 'again' = 'known',
): Promise<Manifest> {
  const { path, kind = null, stated } = place
  return cachedContent(
    { path, kind, stated, files: stampsOf(path) },
    () => describe(place, deps),
    deps,
    trust,
  )
}

/** Names, sizes and times of what lies at a path. */
export function stampsOf(path: string): readonly (readonly [string, number, string])[] {
  const stat = statSync(path)
  if (stat.isFile()) return [['', stat.size, String(stat.mtimeMs)]]
  return openTree(path).files.map(({ name, size, stamp }) => [name, size, stamp])
}

const describe = ({ path, kind, stated, cacheFolder }: ImagePlaceOnDisk, deps: DataDeps): Promise<Manifest> =>
  useImageSet(path, { ...(kind && { kind }), stated, cacheFolder, decode: false }, (set) =>
    manifestOf(set, path, deps),
  )

async function manifestOf(set: ImageSet, path: string, deps: DataDeps): Promise<Manifest> {
  const entries: ManifestEntry[] = [
    {
      name: 'classes',
      bytes: 0,
      hash: sha256(JSON.stringify(set.classIds.map((id) => id.normalize('NFC')))),
    },
  ]
  for (const part of PARTS) {
    const listed = set.encoded?.[part]
    const images = set.parts[part]
    if (listed !== undefined) entries.push(...(await encodedEntries(part, listed, path, deps)))
    else if (images !== undefined) entries.push(...(await arrayEntries(part, images)))
  }
  return entries
}

/** One entry an image: its part, its label and what it shows; the name is for messages alone. */
async function encodedEntries(
  part: PartName,
  { entries, labels }: LabelledEntries,
  root: string,
  deps: DataDeps,
): Promise<ManifestEntry[]> {
  const out: ManifestEntry[] = []
  for (let from = 0; from < entries.length; from += WINDOW) {
    deps.signal?.throwIfAborted()
    const block = entries.slice(from, from + WINDOW).map(async (entry, i) => {
      const content = await pixelContent(entry.read(), entry.path)
      const name = relative(root, entry.path).replaceAll('\\', '/')
      return { name, bytes: entry.size, hash: sha256(`${part} ${labels[from + i]} ${content}`) }
    })
    out.push(...(await Promise.all(block)))
    deps.progress?.('reading the images', out.length / entries.length)
  }
  return out
}

async function arrayEntries(part: PartName, { images, labels }: LabelledImages): Promise<ManifestEntry[]> {
  const { length, height, width, channels, pixels } = images
  const hash = startSha256()
  hash.update(
    `${part} ${length}x${height}x${width}x${channels} ${pixels.element} ${pixels.black} ${pixels.white}\n`,
  )
  let bytes = 0
  for await (const block of pixelBlocks(images)) {
    bytes += block.byteLength
    hash.update(new Uint8Array(block.buffer, block.byteOffset, block.byteLength))
  }
  return [
    { name: `${part} images`, bytes, hash: hash.digest('hex') },
    { name: `${part} labels`, bytes: labels.length, hash: sha256(`${part} ${labels.join(' ')}`) },
  ]
}
