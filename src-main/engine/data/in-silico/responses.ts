import type { GeneratorOptions } from '../../../../src-shared/schema/dataset/generator-fields.ts'
import type { Rng } from '../../../../src-shared/util/rng.ts'

/** Presentations of one tier, in order; `image` indexes the rows of the rates. */
export interface Presentations {
  readonly tier: number
  readonly image: Int32Array
}

/**
 * Noisy responses [trials, neurons] to presentations: y ~ noise(rate x gain), the gain log-normal with mean 1 and
 * shared by all neurons of a trial. Each neuron draws from a stream of its own.
 */
export function respond(
  rates: Float32Array,
  neurons: number,
  shown: Presentations,
  options: GeneratorOptions,
  rng: Rng,
): Float32Array {
  const trials = shown.image.length
  const gain = gains(trials, options.gain_noise, rng.fork('gain').fork(shown.tier))
  const out = new Float32Array(trials * neurons)
  for (let n = 0; n < neurons; n++) {
    const own = rng.fork('response').fork(shown.tier).fork(n)
    for (let t = 0; t < trials; t++) {
      const rate = rates[shown.image[t]! * neurons + n]!
      out[t * neurons + n] = draw(rate, gain[t]!, options.noise, own)
    }
  }
  return out
}

function draw(rate: number, gain: number, noise: GeneratorOptions['noise'], rng: Rng): number {
  switch (noise) {
    case 'poisson':
      return rng.poisson(rate * gain)
    case 'gaussian':
      return Math.max(0, rate * gain + Math.sqrt(rate) * rng.normal())
    case 'none':
      return rate * gain
  }
}

function gains(trials: number, sd: number, rng: Rng): Float64Array {
  if (sd === 0) return new Float64Array(trials).fill(1)
  const sigma = Math.sqrt(Math.log(1 + sd * sd)) // sd of the logarithm of a log-normal with mean 1 and this sd
  return Float64Array.from({ length: trials }, () => Math.exp(sigma * rng.normal() - (sigma * sigma) / 2))
}
