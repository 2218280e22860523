import type { LabelledImages } from '../../engine/types.ts'
import { type DecodeOptions, decodedImages } from './decoded-images.ts'
import type { ImageEntry } from './image-entry.ts'
import type { ImageSet, PartName } from './image-set.ts'

/** Encoded pictures with their labels. */
export interface LabelledEntries {
  readonly entries: readonly ImageEntry[]
  readonly labels: Int32Array
}

type Found = Readonly<Partial<Record<PartName, LabelledEntries>>>

/** Decodes the wanted parts of a set. */
export async function decodeParts(
  found: Found,
  classNames: readonly string[],
  options: DecodeOptions & { readonly parts?: readonly PartName[] },
): Promise<Pick<ImageSet, 'parts' | 'digests' | 'seen'>> {
  const parts: Partial<Record<PartName, LabelledImages>> = {}
  const digests: Partial<Record<PartName, string>> = {}
  for (const [name, part] of Object.entries(found) as [PartName, LabelledEntries][]) {
    if (part.entries.length === 0 || (options.parts && !options.parts.includes(name))) continue
    const { source, filesDigest } = await decodedImages(part.entries, options)
    parts[name] = { images: source, labels: part.labels, classNames }
    digests[name] = filesDigest
  }
  const seen = Object.values(found).flatMap(({ entries }) => entries.map(({ path }) => path))
  return { parts, digests, seen }
}
