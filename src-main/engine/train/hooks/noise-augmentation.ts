import type { Tensor4D } from '@tensorflow/tfjs-core'
import {
  add,
  clipByValue,
  clone,
  concat,
  mean,
  mul,
  reshape,
  split,
  square,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { DataSet } from '../../types.ts'
import type { Hook } from './hook.ts'
import type { NoiseLevels } from './noise-levels.ts'
import { levelsOfBatch, normalsOf } from './noise-levels.ts'

export interface NoiseAugmentationOptions {
  /** Standard deviation on [0, 1] images -> share of the batch. */
  readonly noise_std: NoiseLevels
  /** Signal-to-noise ratio -> share of the batch; the noise gets the deviation mean(x^2) / ratio (as published, without a root). */
  readonly noise_snr: NoiseLevels
  readonly apply_noise_to_validation: boolean
}

type Normalisation = NonNullable<DataSet['normalisation']>

const UNIT: Normalisation = { mean: [0], std: [1] }

/** Value of a channel; one value serves all. */
const channel = (values: readonly number[], c: number): number => values[values.length === 1 ? 0 : c]!

/** Adds noise of given levels to normalised images, kept within what [0, 1] images become. [batch, height, width, channels] */
export function addNoise(
  images: Tensor4D,
  levels: Float32Array,
  kind: 'std' | 'snr',
  { mean: centre, std }: Normalisation,
  rng: Rng,
): Tensor4D {
  const [n, height, width, channels] = images.shape
  return tidy(() => {
    const draws = tensor(
      normalsOf(n, height * width * channels, (row) => levels[row]! > 0, rng),
      images.shape,
    )
    const power = mean(square(images), [1, 2, 3], true)
    const given = tensor(
      levels.map((level) => (kind === 'std' || level === 0 ? level : 1 / level)),
      [n, 1, 1, 1],
    )
    const sigma = kind === 'std' ? given : mul(power, given)
    const scale = reshape(tensor(Array.from({ length: channels }, (_, c) => 1 / channel(std, c))), [
      1,
      1,
      1,
      channels,
    ])
    const noisy = add(images, mul(mul(draws, sigma), scale))
    const bound = (c: number, white: number): number => (white - channel(centre, c)) / channel(std, c)
    const inside = split(noisy, channels, 3).map((plane, c) => clipByValue(plane, bound(c, 0), bound(c, 1)))
    return concat(inside, 3) as Tensor4D
  })
}

/**
 * Noise on classification images after normalisation (nntransfer NoiseAugmentation): each level on its share of every
 * batch, anew in each pass; in validation the same noise every time.
 */
export function noiseAugmentation(
  options: NoiseAugmentationOptions,
  normalisation: Normalisation = UNIT,
): Hook {
  const kind = Object.keys(options.noise_std).length > 0 ? 'std' : 'snr'
  const levels = kind === 'std' ? options.noise_std : options.noise_snr
  const noisy = (images: Tensor4D, rng: Rng): { images: Tensor4D; applied: Float32Array } => {
    const applied = levelsOfBatch(levels, images.shape[0], rng)
    return { images: addNoise(images, applied, kind, normalisation, rng.fork('noise')), applied }
  }
  return {
    name: 'NoiseAugmentation',
    inputs: (inputs, { task, rng }, notes) => {
      if (task !== 'img_classification') return clone(inputs)
      const { images, applied } = noisy(inputs, rng)
      notes.noise = applied
      return images
    },
    ...(options.apply_noise_to_validation
      ? { validationInputs: (inputs, rng) => noisy(inputs, rng).images }
      : {}),
  }
}
