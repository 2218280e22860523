import type { InSilicoOptions } from '../../../../src-shared/schema/dataset/generator-fields.ts'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import { createRng } from '../../../../src-shared/util/rng.ts'
import type { LabelledImages } from '../../types.ts'
import { ceilings } from './ceilings.ts'
import { placePatch } from './gabor.ts'
import type { ShownImages } from './images/shown-images.ts'
import { shownImages } from './images/shown-images.ts'
import type { Neuron } from './population.ts'
import { drawNeuron } from './population.ts'
import { drives, meanDrives, ratesOf, standardOf } from './rates.ts'
import type { ReceptiveField } from './receptive-field.ts'
import { receptiveField } from './receptive-field.ts'
import { respond } from './responses.ts'

/** Tiers of the canonical file that the generator uses. */
const TRAIN = 1
const VALIDATION = 2
const TEST = 3

/** What is known about the population because it was made. */
interface GroundTruth {
  readonly neurons: readonly Neuron[]
  /** Mean drive over the training images [neurons]. */
  readonly normConst: Float64Array
  /** Noise-free rates [images, neurons]. */
  readonly rates: Float32Array
  /** Receptive fields [neurons, 2, size, size]: filter and quadrature partner (zero for simple cells); null if not kept. */
  readonly kernels: Float32Array | null
  readonly imageMean: number
  readonly imageStd: number
  readonly singleTrialCeiling: Float32Array
  readonly repeatCeiling: Float32Array
}

/** Images, trials, responses and truth of an in-silico population. */
export interface InSilicoData {
  readonly size: number
  readonly images: ShownImages
  /** [trials] index of the image shown. */
  readonly imageIndex: Int32Array
  /** [trials] 1 training, 2 validation, 3 test. */
  readonly tier: Uint8Array
  /** [trials] presentation number of that image, from 0. */
  readonly repeat: Int32Array
  /** [trials, neurons] */
  readonly responses: Float32Array
  readonly truth: GroundTruth
}

/**
 * An in-silico V1 population and its responses, a function of the options and the images alone. `images` are grey
 * byte images of `image_size` for `images: "classification"`, otherwise null.
 */
export async function generateInSilico(
  options: InSilicoOptions,
  images: LabelledImages | null,
  progress: (fraction: number) => void = () => undefined,
): Promise<InSilicoData> {
  const rng = createRng(options.seed).fork('in-silico')
  const shown = await shownImages(options, images, rng.fork('pictures'))
  const neurons = Array.from({ length: options.n_neurons }, (_, i) => drawNeuron(options, rng, i))
  const fields = neurons.map((neuron) => receptiveField(neuron, options))
  const size = options.image_size
  const standard = standardOf(shown.pixels.subarray(0, options.n_images * size * size))
  const drive = drives(shown.pixels, fields, standard, size, progress)
  const training = options.n_images - validationCount(options)
  const normConst = meanDrives(drive, neurons.length, training)
  const rates = ratesOf(drive, fields, normConst)
  const judged = options.n_test > 0 ? range(options.n_images, options.n_test) : range(0, options.n_images)
  const best = ceilings(rates, neurons.length, judged, options)
  const truth: GroundTruth = {
    neurons,
    normConst,
    rates,
    kernels: options.store_kernels ? kernelsOf(fields, size) : null,
    imageMean: standard.mean,
    imageStd: standard.std,
    singleTrialCeiling: best.singleTrial,
    repeatCeiling: best.repeat,
  }
  return { size, images: shown, ...record(rates, options, rng), truth }
}

const validationCount = (options: InSilicoOptions): number =>
  Math.floor(options.validation_frac * options.n_images)

const range = (start: number, count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => start + i)

/** Trials in order of training, validation and test; test images are shown `repeats` times one after the other. */
function record(
  rates: Float32Array,
  options: InSilicoOptions,
  rng: Rng,
): Pick<InSilicoData, 'imageIndex' | 'tier' | 'repeat' | 'responses'> {
  const { n_neurons: neurons, n_images: images, n_test: tests, repeats } = options
  const validation = validationCount(options)
  const parts = [
    { tier: TRAIN, image: range(0, images - validation) },
    { tier: VALIDATION, image: range(images - validation, validation) },
    { tier: TEST, image: range(0, tests * repeats).map((t) => images + Math.floor(t / repeats)) },
  ]
  const trials = images + tests * repeats
  const out = {
    imageIndex: new Int32Array(trials),
    tier: new Uint8Array(trials),
    repeat: Int32Array.from({ length: trials }, (_, t) => (t < images ? 0 : (t - images) % repeats)),
    responses: new Float32Array(trials * neurons),
  }
  let at = 0
  for (const part of parts) {
    out.imageIndex.set(part.image, at)
    out.tier.fill(part.tier, at, at + part.image.length)
    out.responses.set(respond(rates, neurons, part, options, rng), at * neurons)
    at += part.image.length
  }
  return out
}

function kernelsOf(fields: readonly ReceptiveField[], size: number): Float32Array {
  const out = new Float32Array(fields.length * 2 * size * size)
  fields.forEach((field, n) => {
    placePatch(field.filter, out, 2 * n * size * size, size)
    if (field.quadrature !== null) placePatch(field.quadrature, out, (2 * n + 1) * size * size, size)
  })
  return out
}
