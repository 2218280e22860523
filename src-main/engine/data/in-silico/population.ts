import type { GeneratorOptions } from '../../../../src-shared/schema/dataset/generator-fields.ts'
import type { Rng } from '../../../../src-shared/util/rng.ts'

/** One model neuron of V1; places and lengths in pixels, pixel centres at whole numbers, y downwards. */
export interface Neuron {
  readonly x0: number
  readonly y0: number
  /** Orientation of the carrier's gradient, radians in [0, pi). */
  readonly theta: number
  /** Cycles per pixel. */
  readonly frequency: number
  /** Radians; simple cells only. */
  readonly phase: number
  /** Sd of the envelope along and across the carrier. */
  readonly sigmaU: number
  readonly sigmaV: number
  readonly isComplex: boolean
  readonly exponent: number
  readonly semiSaturation: number
  /** Sd of the normalisation pool. */
  readonly poolSigma: number
  /** Mean count m of a trial over the training images. */
  readonly meanCount: number
  readonly baseline: number
}

/** Image width for which frequencies are stated. */
const REFERENCE_WIDTH = 64
/** Widest envelope as a part of the image, so that low frequencies still fit into it. */
const WIDEST_ENVELOPE = 0.12
/** Sd of Gaussian-scattered centres as a part of the image. */
const CENTRE_SCATTER = 0.12
/** Bounds of the mean count: below, a cell hardly ever fires; above, it is no longer noisy. */
const LEAST_COUNT = 0.5
const MOST_COUNT = 15

const between = (rng: Rng, low: number, high: number): number => low + (high - low) * rng.uniform()
const clip = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** Neuron `index` of the population; drawn from a stream of its own, so it is the same in every population size. */
export function drawNeuron(options: GeneratorOptions, rng: Rng, index: number): Neuron {
  const own = rng.fork('neuron').fork(index)
  const width = options.image_size
  const scale = REFERENCE_WIDTH / width
  const isComplex = own.fork('kind').uniform() < options.frac_complex
  const [x0, y0] = drawCentre(options, own.fork('centre'))
  const frequency = Math.exp(
    between(
      own.fork('frequency'),
      Math.log(options.frequency_low * scale),
      Math.log(options.frequency_high * scale),
    ),
  )
  const bandwidth = between(own.fork('bandwidth'), options.bandwidth_low, options.bandwidth_high)
  const sigmaU = Math.min(WIDEST_ENVELOPE * width, envelopeWidth(frequency, bandwidth))
  const count = options.mean_count * Math.exp(options.mean_count_spread * own.fork('count').normal())
  return {
    x0,
    y0,
    theta: Math.PI * own.fork('orientation').uniform(),
    frequency,
    phase: 2 * Math.PI * own.fork('phase').uniform(),
    sigmaU,
    sigmaV: sigmaU / between(own.fork('aspect'), options.aspect_low, options.aspect_high),
    isComplex,
    exponent: options.exponent,
    semiSaturation: options.semi_saturation,
    poolSigma: options.pool_width * sigmaU,
    meanCount: clip(count, LEAST_COUNT, MOST_COUNT),
    baseline: options.baseline,
  }
}

/** Sd of a Gaussian envelope whose frequency tuning is `octaves` wide at half height. */
export function envelopeWidth(frequency: number, octaves: number): number {
  const ratio = (2 ** octaves + 1) / (2 ** octaves - 1)
  return (Math.sqrt(Math.LN2 / 2) * ratio) / (Math.PI * frequency)
}

function drawCentre(options: GeneratorOptions, rng: Rng): [x: number, y: number] {
  const width = options.image_size
  const middle = (width - 1) / 2
  const offset = (): number =>
    options.centre === 'uniform'
      ? options.centre_frac * width * (rng.uniform() - 0.5)
      : CENTRE_SCATTER * width * rng.normal()
  const place = (): number => clip(middle + offset(), 0, width - 1)
  return [place(), place()]
}
