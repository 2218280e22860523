import { keysOf } from '../../../src-shared/util/entries-of.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'
import { classCounts, imageFindings } from '../../engine/data/doctor/image-findings.ts'
import { type PixelStatistics, pixelStatistics } from '../../engine/data/doctor/image-statistics.ts'
import { overlapFindings } from '../../engine/data/doctor/overlap.ts'
import type { ImageSet, PartName } from './sources/image-set.ts'

export interface PartReport {
  readonly part: PartName
  readonly pixels: PixelStatistics
  /** [classes] */
  readonly classCounts: Int32Array
  readonly findings: readonly Finding[]
}

export interface ImageSetReport {
  readonly parts: readonly PartReport[]
  /** Findings about the set as a whole: images in two parts. */
  readonly findings: readonly Finding[]
}

/** Statistics and findings of every part of a classification set; reads each image once. */
export async function checkImageSet(set: ImageSet): Promise<ImageSetReport> {
  const parts: PartReport[] = []
  for (const part of keysOf(set.parts)) {
    const images = set.parts[part]
    if (!images) continue
    const pixels = await pixelStatistics(images.images)
    parts.push({ part, pixels, classCounts: classCounts(images), findings: imageFindings(images, pixels) })
  }
  return {
    parts,
    findings: overlapFindings(parts.map(({ part, pixels }) => ({ name: part, hashes: pixels.hashes }))),
  }
}
