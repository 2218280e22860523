import { PART_NAMES, type SetPart, setParts } from '../../../src-shared/contract/set-part.ts'
import { classCounts } from '../../engine/data/doctor/image-findings.ts'
import { useImageSet } from '../../io/images/open-image-set.ts'
import { sizeOfAll } from '../../io/images/sources/decoded-images.ts'
import type { ImageSet } from '../../io/images/sources/image-set.ts'
import { homeLayout } from '../../disk/home-layout.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { DataRecord } from '../places/library-records.ts'
import { accountOf, leastAndMost } from './describe-images.ts'
import { leftOutFindings } from './left-out-findings.ts'
import { type DataContent, type DataPart, plural } from './library-content.ts'

type OutlinedPart = DataPart & { readonly part: SetPart }

/**
 * What an image set is as far as names and headers tell: nothing is decoded. @throws CotrainError where images have several sizes and
 * none is given to bring them to
 */
export function outlineImages(
  { path, size, stated }: Pick<DataRecord, 'path' | 'size' | 'stated'>,
  deps: DataDeps,
): Promise<DataContent> {
  const cacheFolder = homeLayout(deps.home).decodedPixels
  return useImageSet(path, { cacheFolder, stated, decode: false }, async (set) => {
    const found = await outlinedParts(set, size)
    const total = found
      .map(({ part, images }) => `${images.toLocaleString('en')} ${PART_NAMES[part]}`)
      .join(', ')
    const [first] = found
    const side = first === undefined ? '' : `; ${first.height} x ${first.width} px`
    return {
      summary: `${plural(set.classNames.length, 'class', 'classes')}, images: ${total}${side}`,
      facts: [
        { label: 'Layout', value: set.kind },
        { label: 'Classes', value: String(set.classNames.length) },
        ...(set.notes ?? []),
      ],
      parts: found.map(({ part: _, ...rest }) => rest),
      account: accountOf(set, found),
      findings: leftOutFindings(set.left),
    }
  })
}

/** Parts with what is known of them before their images are decoded. */
async function outlinedParts(set: ImageSet, side: number | null): Promise<OutlinedPart[]> {
  const parts: OutlinedPart[] = []
  for (const part of setParts) {
    const raw = set.parts[part]
    const listed = set.encoded?.[part]
    const labels = raw?.labels ?? listed?.labels
    if (labels === undefined || labels.length === 0) continue
    const sized = side === null ? await sizeOfAll(listed?.entries ?? []) : { width: side, height: side }
    // Encoded images are decoded to three channels; arrays say theirs.
    const { height, width, channels } = raw?.images ?? { height: 0, width: 0, ...sized, channels: 3 }
    const perClass = leastAndMost(classCounts({ labels, classNames: set.classNames }))
    const known = { images: labels.length, height, width, channels, perClass }
    parts.push({ part, name: part, ...known, mean: [], std: [], grey: null })
  }
  return parts
}
