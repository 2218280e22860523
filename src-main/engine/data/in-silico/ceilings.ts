import type { GeneratorOptions } from '../../../../src-shared/schema/dataset/generator-fields.ts'

/** Best correlations that any prediction can reach, one value a neuron. */
export interface Ceilings {
  readonly singleTrial: Float32Array
  /** To the average over the test repeats. */
  readonly repeat: Float32Array
}

/**
 * sqrt(V / (V + N / r)) with V the variance of the true rate over `images` and N the noise variance of one trial: the
 * mean rate for Poisson and Gaussian noise, plus gain sd^2 x mean squared rate. A constant neuron has ceiling 0.
 */
export function ceilings(
  rates: Float32Array,
  neurons: number,
  images: ArrayLike<number>,
  options: Pick<GeneratorOptions, 'noise' | 'gain_noise' | 'repeats'>,
): Ceilings {
  const singleTrial = new Float32Array(neurons)
  const repeat = new Float32Array(neurons)
  for (let n = 0; n < neurons; n++) {
    let sum = 0
    let squares = 0
    for (let i = 0; i < images.length; i++) {
      const rate = rates[images[i]! * neurons + n]!
      sum += rate
      squares += rate * rate
    }
    const mean = sum / images.length
    const meanSquare = squares / images.length
    const variance = Math.max(0, meanSquare - mean * mean)
    const noise = (options.noise === 'none' ? 0 : mean) + options.gain_noise ** 2 * meanSquare
    singleTrial[n] = share(variance, noise)
    repeat[n] = share(variance, noise / options.repeats)
  }
  return { singleTrial, repeat }
}

const share = (variance: number, noise: number): number =>
  variance > 0 ? Math.sqrt(variance / (variance + noise)) : 0
