import { PART_NAMES, type SetPart } from '../../../src-shared/contract/set-part.ts'
import { type PartReport, checkImageSet } from '../../io/images/check-images.ts'
import { singleChannelFiles } from '../../io/images/decode/grey-files.ts'
import type { ImageSet } from '../../io/images/sources/image-set.ts'
import { openImageSet } from '../../io/images/open-image-set.ts'
import { nameSome } from '../../engine/data/doctor/finding.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { DataContent, DataPart } from './library-content.ts'
import { leftOutFindings } from './left-out-findings.ts'
import { between, pixelFact, plural, rounded } from './library-content.ts'
import type { DataRecord } from '../places/library-records.ts'
import { homeLayout } from '../../disk/home-layout.ts'

/** Opens every part of an image set; images of several sizes need a size to bring them to. */
export function openAllParts(
  { path, size, stated }: Pick<DataRecord, 'path' | 'size' | 'stated'>,
  deps: DataDeps,
): Promise<ImageSet> {
  return openImageSet(path, {
    cacheFolder: homeLayout(deps.home).decodedPixels,
    stated,
    ...(size !== null && { fit: { kind: 'exact', height: size, width: size } as const }),
    onProgress: (done, total) => deps.progress?.('decoding images', done / total),
  })
}

/** Counts, sizes, brightness, class balance and findings of an image set. */
export async function describeImages(set: ImageSet, path: string): Promise<DataContent> {
  const report = await checkImageSet(set)
  const parts = report.parts.map(partOf)
  const facts = [
    { label: 'Layout', value: set.kind },
    { label: 'Classes', value: String(set.classNames.length) },
    ...(report.parts[0] === undefined ? [] : [pixelFact(report.parts[0].pixels.type)]),
    ...(set.notes ?? []),
  ]
  for (const { part, pixels, classCounts } of report.parts) {
    const name = PART_NAMES[part]
    const { least, most } = leastAndMost(classCounts)
    facts.push(
      { label: `Images, ${name}`, value: String(pixels.count) },
      { label: `Size, ${name}`, value: `${pixels.height} x ${pixels.width} x ${pixels.channels}` },
      { label: `Mean, ${name}`, value: pixels.mean.map((m) => m.toFixed(1)).join(', ') },
      { label: `Sd, ${name}`, value: pixels.std.map((s) => s.toFixed(1)).join(', ') },
      { label: `Grey images, ${name}`, value: String(pixels.grey) },
      { label: `Images per class, ${name}`, value: between(least, most) },
    )
  }
  const single = singleChannelFiles(path)
  if (single.size > 0) {
    const value = report.parts
      .map(({ part, pixels }) => `${PART_NAMES[part]} ${single.get(part) ?? 0} of ${pixels.grey}`)
      .join(', ')
    facts.push({ label: 'Grey images that are stored with one channel', value })
  }
  if (set.unlabelled > 0) facts.push({ label: 'Images without label', value: String(set.unlabelled) })
  const total = report.parts
    .map(({ part, pixels }) => `${pixels.count.toLocaleString('en')} ${PART_NAMES[part]}`)
    .join(', ')
  const mean = report.parts[0]?.pixels
  return {
    summary: `${plural(set.classNames.length, 'class', 'classes')}, images: ${total}; ${mean === undefined ? '' : `${mean.height} x ${mean.width} px, mean ${rounded(mean.mean[0] ?? 0)}`}`,
    facts,
    parts,
    account: accountOf(
      set,
      report.parts.map(({ part, pixels }) => ({ part, images: pixels.count })),
    ),
    findings: [
      ...leftOutFindings(set.left),
      ...report.findings,
      ...report.parts.flatMap(({ part, findings }) =>
        findings.map((f) => ({ ...f, where: { ...f.where, part } })),
      ),
    ],
  }
}

export const accountOf = (
  { classNames, left }: Pick<ImageSet, 'classNames' | 'left'>,
  parts: readonly { readonly part: SetPart; readonly images: number }[],
): DataContent['account'] => ({
  used: [
    ...parts.map(({ part, images }) => ({
      kind: 'split' as const,
      name: PART_NAMES[part],
      content: plural(images, 'image'),
    })),
    { kind: 'class', name: nameSome(classNames), content: plural(classNames.length, 'class', 'classes') },
  ],
  left: [...left],
})

function partOf({ part, pixels, classCounts }: PartReport): DataPart {
  const { count, height, width, channels, mean, std, grey } = pixels
  return {
    ...{ name: part, images: count, height, width, channels, grey },
    mean: [...mean],
    std: [...std],
    perClass: leastAndMost(classCounts),
  }
}

export const leastAndMost = (counts: Int32Array): DataPart['perClass'] => ({
  least: counts.reduce((a, b) => Math.min(a, b), counts[0] ?? 0),
  most: counts.reduce((a, b) => Math.max(a, b), 0),
})
