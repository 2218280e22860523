import type { LabelledImages } from '../../types.ts'
import { type Finding, firstPlaces, nameSome } from './finding.ts'
import type { PixelStatistics } from './image-statistics.ts'

/** Largest class over smallest class above which accuracy alone misleads. */
const IMBALANCE = 3
/** ImageNet-type sets hold a few copies; more than this share is a mistake of assembly. */
const MANY_COPIES = 0.01

/** [classes] number of images; labels out of range are left out. */
export function classCounts({
  labels,
  classNames,
}: Pick<LabelledImages, 'labels' | 'classNames'>): Int32Array {
  const counts = new Int32Array(classNames.length)
  for (const label of labels) if (label >= 0 && label < counts.length) counts[label] = counts[label]! + 1 // in range
  return counts
}

/** What to know about the labels and pixels of one part of a classification set. */
export function imageFindings(set: LabelledImages, pixels: PixelStatistics): Finding[] {
  return [...labelFindings(set), ...pixelFindings(pixels), ...copyFindings(set, pixels)]
}

function labelFindings(set: LabelledImages): Finding[] {
  const counts = classCounts(set)
  const outside = set.labels.length - counts.reduce((a, b) => a + b, 0)
  const empty = set.classNames.filter((_, label) => counts[label] === 0)
  const present = counts.filter((count) => count > 0)
  const [least, most] = [Math.min(...present), Math.max(...present)]
  const findings: Finding[] = []
  if (set.labels.length !== set.images.length)
    findings.push({
      code: 'label-count',
      severity: 'error',
      message: `There are ${set.labels.length} labels and ${set.images.length} images.`,
      reason: 'Images would be trained with the labels of others.',
      fix: 'Use the labels that belong to these images.',
      where: { field: 'labels' },
    })
  if (outside > 0)
    findings.push({
      code: 'label-range',
      severity: 'error',
      message: `${outside} labels are not among the ${counts.length} classes.`,
      reason: 'The loss is not defined for them.',
      fix: 'Filter these images or correct the list of classes.',
      where: { field: 'labels' },
    })
  if (empty.length > 0)
    findings.push({
      code: 'empty-classes',
      severity: 'warning',
      message: `${empty.length} classes have no image: ${nameSome(empty)}.`,
      reason: 'Their outputs only ever learn to be silent, and chance level is not 1 / classes.',
      fix: 'Filter the classes, or complete the download.',
    })
  if (most > IMBALANCE * least)
    findings.push({
      code: 'class-imbalance',
      severity: 'warning',
      message: `The largest class has ${most} images, the smallest ${least}.`,
      reason: 'Accuracy is then mostly that of the large classes.',
      fix: 'Limit the examples per class, or look at the accuracy of each class.',
    })
  return findings
}

function pixelFindings({ blank, count, outOfRange }: PixelStatistics): Finding[] {
  const findings: Finding[] = []
  if (blank.length > 0)
    findings.push({
      code: 'blank-images',
      severity: 'warning',
      message: `${blank.length} of ${count} images have one single value (positions ${nameSome(blank)}).`,
      reason: 'They are usually broken downloads.',
      fix: 'Open them; remove them if they are not meant.',
      where: { field: 'pixels', images: firstPlaces(blank) },
    })
  if (outOfRange > 0)
    findings.push({
      code: 'pixel-range',
      severity: 'error',
      message: `${outOfRange} pixel values are not finite or lie outside the range the set states.`,
      reason: 'Normalisation and noise levels refer to that range.',
      fix: 'State the value that means white, or convert the pixels.',
      where: { field: 'pixels' },
    })
  return findings
}

/** Equal images within one part; with different labels they contradict each other. */
function copyFindings(set: LabelledImages, { hashes }: PixelStatistics): Finding[] {
  const first = new Map<string, number>()
  const copies: number[] = []
  const contradictions: number[] = []
  hashes.forEach((hash, i) => {
    const before = first.get(hash)
    if (before === undefined) first.set(hash, i)
    else (set.labels[before] === set.labels[i] ? copies : contradictions).push(i)
  })
  const findings: Finding[] = []
  if (copies.length > 0)
    findings.push({
      code: 'duplicate-images',
      severity: copies.length > MANY_COPIES * hashes.length ? 'warning' : 'info',
      message: `${copies.length} images are copies of another one with the same label (positions ${nameSome(copies)}).`,
      reason: 'Copies count twice, and a random split puts some into both parts.',
      fix: 'Remove the copies.',
      where: { field: 'pixels', images: firstPlaces(copies) },
    })
  if (contradictions.length > 0)
    findings.push({
      code: 'contradicting-labels',
      severity: 'warning',
      message: `${contradictions.length} images are copies of one with another label (positions ${nameSome(contradictions)}).`,
      reason: 'Both labels cannot be learned.',
      fix: 'Correct or remove one of each pair; if there are many, labels and images are shifted against each other.',
      where: { field: 'labels', images: firstPlaces(contradictions) },
    })
  return findings
}
