import type { Rng } from '../../../src-shared/util/rng.ts'
import type { InputShape } from '../data/loaders/input-source.ts'
import { correlation } from '../eval/measures/correlation.ts'
import type { ImageScale } from './gratings.ts'
import type { Progress, Responder } from './responder.ts'
import { ownResponses, imageSize, responseGradients } from './responder.ts'
import { blurred, constrained, rolled } from './image-steps.ts'

export interface ExcitingOptions {
  /** RMS over the whole image about the background, in sd of the images that the network knows. */
  readonly contrast: number
  readonly steps: number
  /** Images that are started from noise, each with noise of its own. */
  readonly starts: number
  /** Length of the first step as a part of the image's; it falls to a tenth along a half cosine. */
  readonly stepSize: number
  /** Sd of the Gaussian that the gradient is blurred with, pixels; 0: not at all. */
  readonly blur: number
  /** The image is moved by up to so many pixels before each gradient. */
  readonly jitter: number
}

/** Best image of one unit in one direction. */
interface ExcitingInput {
  /** [height, width, channels] on the scale that the network reads. */
  readonly image: Float32Array
  readonly response: number
  /** Response at each of `recordedAt`, best start; the last is that of the image itself. */
  readonly course: readonly number[]
  /** Mean correlation of the images of all pairs of starts; null with one start. */
  readonly agreement: number | null
}

export interface ExcitingInputs {
  readonly recordedAt: readonly number[]
  readonly units: readonly { readonly most: ExcitingInput; readonly least: ExcitingInput }[]
}

const RECORDED = 20
const LAST_STEP = 0.1

/**
 * Images that excite each unit most and least: gradient ascent from noise on images of one RMS contrast, with a blurred gradient
 * and jitter, within what a screen can show (Walker et al. 2019; Bashivan et al. 2019). All units and starts climb side by side; the
 * response that is told is that to the final image, unmoved.
 */
export async function excitingInputs(
  responder: Responder,
  options: ExcitingOptions,
  scale: ImageScale,
  rng: Rng,
  progress: Progress = () => undefined,
): Promise<ExcitingInputs> {
  const { shape } = responder
  const climbers = Array.from({ length: responder.units }, (_, unit) =>
    [1, -1].flatMap((sign) => Array.from({ length: options.starts }, (_, start) => ({ unit, sign, start }))),
  ).flat()
  const size = imageSize(shape)
  const unitOf = Int32Array.from(climbers, ({ unit }) => unit)
  const values = new Float32Array(climbers.length * size)
  climbers.forEach(({ start }, i) => {
    values.set(firstImage(shape, options, scale, rng.fork('start').fork(start)), i * size)
  })
  const images = { count: climbers.length, values }
  const every = Math.max(1, Math.floor(options.steps / RECORDED))
  const recordedAt: number[] = []
  const course: Float32Array[] = []
  for (let step = 0; step < options.steps; step++) {
    if (step % every === 0) {
      recordedAt.push(step)
      course.push(await ownResponses(responder, images, unitOf))
    }
    await climb(responder, { values, unitOf, signs: climbers.map((c) => c.sign), step }, options, scale, rng)
    progress((step + 1) / options.steps)
  }
  recordedAt.push(options.steps)
  course.push(await ownResponses(responder, images, unitOf))
  const of = (unit: number, sign: number): ExcitingInput => {
    const own = climbers.flatMap((c, i) => (c.unit === unit && c.sign === sign ? [i] : []))
    return bestOf(own, sign, values, course, size)
  }
  const units = Array.from({ length: responder.units }, (_, u) => ({ most: of(u, 1), least: of(u, -1) }))
  return { recordedAt, units }
}

function firstImage(shape: InputShape, options: ExcitingOptions, scale: ImageScale, rng: Rng): Float32Array {
  const noise = Float32Array.from({ length: imageSize(shape) }, () => scale.grey + rng.normal())
  return constrained(blurred(noise, shape, options.blur), options.contrast, scale)
}

interface Climb {
  readonly values: Float32Array
  readonly unitOf: Int32Array
  readonly signs: readonly number[]
  readonly step: number
}

/** One step of every image, in place. */
async function climb(
  responder: Responder,
  { values, unitOf, signs, step }: Climb,
  options: ExcitingOptions,
  scale: ImageScale,
  rng: Rng,
): Promise<void> {
  const { shape } = responder
  const size = imageSize(shape)
  const own = rng.fork('jitter').fork(step)
  const moved = (): number => Math.round((2 * own.uniform() - 1) * options.jitter)
  const [dx, dy] = [moved(), moved()]
  const each = (i: number): Float32Array => values.subarray(i * size, (i + 1) * size)
  const seen = new Float32Array(values.length)
  for (let i = 0; i < signs.length; i++) seen.set(rolled(each(i), shape, dx, dy), i * size)
  const gradients = await responseGradients(responder, { count: signs.length, values: seen }, unitOf)
  const share = LAST_STEP + ((1 - LAST_STEP) * (1 + Math.cos((Math.PI * step) / options.steps))) / 2
  const length = share * options.stepSize * options.contrast * scale.sd * Math.sqrt(size)
  for (let i = 0; i < signs.length; i++) {
    const gradient = rolled(gradients.subarray(i * size, (i + 1) * size), shape, -dx, -dy)
    const direction = blurred(gradient, shape, options.blur)
    const norm = Math.sqrt(direction.reduce((sum, v) => sum + v * v, 0))
    if (!(norm > 0)) {
      // Nothing tells a silent unit where to climb: it starts again from other noise. At the bottom there is nowhere to go.
      if (signs[i]! > 0)
        values.set(firstImage(shape, options, scale, rng.fork('again').fork(step).fork(i)), i * size)
      continue
    }
    const next = each(i).map((v, k) => v + (signs[i]! * length * direction[k]!) / norm)
    values.set(constrained(next, options.contrast, scale), i * size)
  }
}

function bestOf(
  own: readonly number[],
  sign: number,
  values: Float32Array,
  course: readonly Float32Array[],
  size: number,
): ExcitingInput {
  const last = course.at(-1)! // the final responses
  const best = own.reduce((a, b) => (sign * last[b]! > sign * last[a]! ? b : a))
  const image = (i: number): Float32Array => values.slice(i * size, (i + 1) * size)
  const pairs = own.flatMap((a, k) => own.slice(k + 1).map((b) => correlation(image(a), image(b))))
  return {
    image: image(best),
    response: last[best]!,
    course: course.map((responses) => responses[best]!),
    agreement: pairs.length === 0 ? null : pairs.reduce((a, b) => a + b, 0) / pairs.length,
  }
}
