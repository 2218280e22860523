import { entriesOf } from '../../../../src-shared/util/entries-of.ts'
import type { LabelledImages } from '../../../engine/types.ts'
import { decodedImages } from '../sources/decoded-images.ts'
import type { LabelledEntries } from '../sources/image-entry.ts'
import type { ImageSet, OpenImageSetOptions, PartName } from '../sources/image-set.ts'

type Found = Readonly<Partial<Record<PartName, LabelledEntries>>>

/** Decodes the wanted parts of a set, or lists its images. */
export async function decodeParts(
  found: Found,
  classNames: readonly string[],
  options: OpenImageSetOptions,
): Promise<Pick<ImageSet, 'parts' | 'encoded' | 'seen'>> {
  const seen = Object.values(found).flatMap(({ entries }) => entries.map(({ path }) => path))
  if (options.decode === false) return { parts: {}, encoded: found, seen }
  const parts: Partial<Record<PartName, LabelledImages>> = {}
  for (const [name, part] of entriesOf(found)) {
    if (part.entries.length === 0 || (options.parts && !options.parts.includes(name))) continue
    const source = await decodedImages(part.entries, options)
    parts[name] = { images: source, labels: part.labels, classNames }
  }
  return { parts, seen }
}
