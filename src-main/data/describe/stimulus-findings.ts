import type { Finding } from '../../engine/data/doctor/finding.ts'
import { counted } from '../../../src-shared/util/counted.ts'
import { firstPlaces, nameSome } from '../../engine/data/doctor/finding.ts'
import { pixelStatistics } from '../../engine/data/doctor/image-statistics.ts'
import type { CanonicalFile } from '../../io/canonical/read.ts'
import { TIERS } from '../../io/canonical/set.ts'

const TEST: ReadonlySet<number> = new Set([TIERS.test, TIERS.finalTest])

/** What is to know about the images of a recording: blank ones, and equal ones under several ids, which leak between tiers. */
export async function stimulusFindings(file: CanonicalFile): Promise<Finding[]> {
  const { source, id } = file.images
  const { blank, hashes } = await pixelStatistics(source)
  const position = new Map(Array.from(id, (value, i) => [value, i]))
  const tested = new Set<number>()
  const trained = new Set<number>()
  for (const key of file.sessionKeys) {
    const { imageId, tier } = file.session(key).trials
    imageId.forEach((value, trial) => {
      const at = position.get(value)
      if (at !== undefined) (TEST.has(tier[trial] ?? TIERS.pool) ? tested : trained).add(at)
    })
  }
  return [
    ...leakFindings(hashes, tested, trained),
    ...copyFindings(hashes),
    ...blankFindings(blank, hashes.length),
  ]
}

/** Test images with the pixels of a training image of another id; the same id is found session by session. */
function leakFindings(
  hashes: readonly string[],
  tested: ReadonlySet<number>,
  trained: ReadonlySet<number>,
): Finding[] {
  const seen = new Set([...trained].map((at) => hashes[at]))
  const leaked = [...tested].filter((at) => !trained.has(at) && seen.has(hashes[at]))
  if (leaked.length === 0) return []
  return [
    {
      code: 'test-pixels-in-training',
      severity: 'error',
      message: `${counted(leaked.length, 'test image has', 'test images have')} the pixels of a training image under another id (positions ${nameSome(leaked)}).`,
      reason: 'Scores on images seen in training say nothing about new ones.',
      fix: 'Give equal images one id, and all their trials one tier.',
      where: { field: 'images', images: firstPlaces(leaked) },
    },
  ]
}

function copyFindings(hashes: readonly string[]): Finding[] {
  const first = new Map<string, number>()
  const copies = hashes.flatMap((hash, at) => {
    if (first.has(hash)) return [at]
    first.set(hash, at)
    return []
  })
  if (copies.length === 0) return []
  return [
    {
      code: 'duplicate-stimuli',
      severity: 'info',
      message: `${counted(copies.length, 'image has', 'images have')} the pixels of another one (positions ${nameSome(copies)}).`,
      reason:
        'Their trials are not counted as repeats of one image, and a random split puts some into both parts.',
      fix: 'Give equal images one id.',
      where: { field: 'images', images: firstPlaces(copies) },
    },
  ]
}

function blankFindings(blank: readonly number[], count: number): Finding[] {
  if (blank.length === 0) return []
  return [
    {
      code: 'blank-images',
      severity: blank.length === 1 ? 'info' : 'warning',
      message: `${blank.length} of ${count} images ${blank.length === 1 ? 'has' : 'have'} one single value (positions ${nameSome(blank)}).`,
      reason: 'One may be meant as a blank trial; several are usually images that could not be read.',
      fix: 'Look at them; remove their trials if they are not meant.',
      where: { field: 'images', images: firstPlaces(blank) },
    },
  ]
}
