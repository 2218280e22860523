import type { ImageSource, LabelledImages } from '../../../engine/types.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'

export interface Selection {
  /** Half-open range of classes to keep. */
  readonly classes?: readonly [start: number, end: number]
  /** Renumber the kept classes from 0 and cut the list of names. */
  readonly relabel?: boolean
  /** The first k pictures of each class. */
  readonly examplesPerClass?: number
  /** Leading share of the pictures, after the other choices. */
  readonly fraction?: number
}

/** A part of a set: class range, then examples per class, then the leading fraction. Pixels are not copied. */
export function selectImages(set: LabelledImages, selection: Selection): LabelledImages {
  const [start, end] = selection.classes ?? [0, set.classNames.length]
  checkRange(start, end, set.classNames.length)
  const seen = new Map<number, number>()
  const kept: number[] = []
  set.labels.forEach((label, i) => {
    const before = seen.get(label) ?? 0
    if (label < start || label >= end || before >= (selection.examplesPerClass ?? Infinity)) return
    seen.set(label, before + 1)
    kept.push(i)
  })
  const count = Math.floor(kept.length * (selection.fraction ?? 1))
  const shift = selection.relabel ? start : 0
  const indices = Int32Array.from(kept.slice(0, count))
  return {
    images: subsetImages(set.images, indices),
    labels: indices.map((i) => set.labels[i]! - shift), // i is a position of the set
    classNames: selection.relabel ? set.classNames.slice(start, end) : set.classNames,
  }
}

function checkRange(start: number, end: number, classes: number): void {
  if (Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= classes) return
  throw new CotrainError({
    code: 'config-invalid',
    path: 'filter_classes',
    message: `expected a range within 0 to ${classes}, got ${start} to ${end}.`,
    hint: 'The end is not included.',
  })
}

/** Chosen pictures of a source under new positions. */
export function subsetImages(source: ImageSource, indices: Int32Array): ImageSource {
  return {
    ...source,
    length: indices.length,
    read: (chosen, out) =>
      source.read(
        Int32Array.from(chosen, (i) => indices[i]!), // callers stay below length
        out,
      ),
  }
}
