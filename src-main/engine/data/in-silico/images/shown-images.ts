import type { GeneratorOptions } from '../../../../../src-shared/schema/dataset/generator-fields.ts'
import type { Rng } from '../../../../../src-shared/util/rng.ts'
import type { LabelledImages } from '../../../types.ts'
import { deadLeaves } from './dead-leaves.ts'
import { drawGrating, gratingOfSeries } from './grating.ts'
import { pinkNoise } from './pink-noise.ts'
import { whiteNoise } from './white-noise.ts'

/** Images shown to the population: grey bytes [images, size, size], training first, then validation, then test. */
export interface ShownImages {
  readonly pixels: Uint8Array
  /** Class of each image, or null for synthetic ones. */
  readonly labels: Int32Array | null
  readonly classNames: readonly string[]
  /** Position in the classification set, or -1. */
  readonly origin: Int32Array
}

/** Draws or chooses the images; each synthetic one has a stream of its own. */
export async function shownImages(
  options: GeneratorOptions,
  images: LabelledImages | null,
  rng: Rng,
): Promise<ShownImages> {
  if (options.images === 'classification') return chosen(options, required(images), rng)
  const size = options.image_size
  const count = options.n_images + options.n_test
  const pixels = new Uint8Array(count * size * size)
  const draw = painter(options)
  for (let i = 0; i < count; i++) {
    const test = i >= options.n_images
    const index = test ? i - options.n_images : i
    draw(
      index,
      rng.fork(test ? 'test picture' : 'picture').fork(index),
      pixels.subarray(i * size * size, (i + 1) * size * size),
    )
  }
  return { pixels, labels: null, classNames: [], origin: new Int32Array(count).fill(-1) }
}

function painter(options: GeneratorOptions): (index: number, rng: Rng, out: Uint8Array) => void {
  const size = options.image_size
  const scale = 64 / size
  switch (options.images) {
    case 'pink_noise':
      return (_, rng, out) => pinkNoise(size, rng, out)
    case 'dead_leaves':
      return (_, rng, out) => deadLeaves(size, rng, out)
    case 'gratings':
      return (index, _, out) =>
        drawGrating(
          gratingOfSeries(index, options.frequency_low * scale, options.frequency_high * scale),
          size,
          out,
        )
    case 'white_noise':
    case 'classification':
      return (_, rng, out) => whiteNoise(size, rng, out)
  }
}

function required(images: LabelledImages | null): LabelledImages {
  if (images === null) throw new RangeError('images: expected the images of a classification set, got none')
  return images
}

/** Test images are the first of a shuffled order, so that asking for more training images keeps them. */
async function chosen(options: GeneratorOptions, set: LabelledImages, rng: Rng): Promise<ShownImages> {
  const { images } = set
  const size = options.image_size
  if (images.height !== size || images.width !== size || images.channels !== 1) {
    throw new RangeError(`images: expected grey byte images of ${size} x ${size}`)
  }
  const count = options.n_images + options.n_test
  if (count > images.length) {
    throw new RangeError(`n_images: ${count} images were asked for, the set has ${images.length}`)
  }
  const order = rng.fork('choice of images').permutation(images.length)
  const origin = new Int32Array(count)
  origin.set(order.subarray(options.n_test, count), 0)
  origin.set(order.subarray(0, options.n_test), options.n_images)
  const pixels = new Uint8Array(count * size * size)
  await images.read(origin, pixels)
  return { pixels, labels: origin.map((i) => set.labels[i]!), classNames: set.classNames, origin }
}
