import { createRng } from '../../../../src-shared/util/rng.ts'
import type { ImageOptions } from '../../../../src-shared/schema/dataset/image-fields.ts'
import { splitImages } from '../../../engine/data/splits.ts'
import type { filteredClasses } from '../../image-sets/image-set.ts'

type Kept = ReturnType<typeof filteredClasses>

/** Positions in the official training images (train, validation) and test images. */
export interface ImagePositions {
  readonly train: Int32Array
  readonly validation: Int32Array
  readonly test: Int32Array
}

export const range = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

/** The published split and the configured parts of each side. */
export function imagePositions(train: Kept, test: Kept, o: ImageOptions, seed: number): ImagePositions {
  const split = splitImages(train.positions.length, { validSize: o.valid_size, shuffle: o.shuffle, seed })
  const training = picked(train, leading(split.train, o.train_subset))
  return {
    train: o.examples_per_class === null ? training : fewExamples(training, train.labels, o),
    validation: picked(train, leading(split.validation, o.valid_subset)),
    test: picked(test, testOrder(test.positions.length, o.test_subset, seed)),
  }
}

/** All test images in order, or a fixed random part of them. */
export function testOrder(count: number, fraction: number, seed: number): Int32Array {
  if (fraction >= 1) return range(count)
  return leading(
    Int32Array.from(createRng(seed).fork('part of the test set').permutation(count)),
    fraction,
  ).sort()
}

/** A share of the positions, spread evenly over them. */
export function everyNth(positions: Int32Array, share: number): Int32Array {
  const count = Math.max(Math.min(1, positions.length), Math.floor(positions.length * share))
  return Int32Array.from({ length: count }, (_, i) => positions[Math.floor((i * positions.length) / count)]!)
}

const picked = (kept: Kept, order: Int32Array): Int32Array => order.map((i) => kept.positions[i]!)

const leading = (order: Int32Array, fraction: number): Int32Array =>
  order.slice(0, Math.max(Math.min(1, order.length), Math.floor(order.length * fraction)))

/** The first k images of each class, the whole list `repeats_per_epoch` times. */
function fewExamples(positions: Int32Array, labels: Int32Array, o: ImageOptions): Int32Array {
  const counts = new Map<number, number>()
  const kept = positions.filter((p) => {
    const label = labels[p]!
    const seen = counts.get(label) ?? 0
    counts.set(label, seen + 1)
    return seen < (o.examples_per_class ?? 0)
  })
  return Int32Array.from({ length: kept.length * o.repeats_per_epoch }, (_, i) => kept[i % kept.length]!)
}
