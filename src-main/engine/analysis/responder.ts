import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { mul, sum, tensor2d, tensor4d, tidy } from '@tensorflow/tfjs-core'
import type { InputShape } from '../data/loaders/input-source.ts'
import { readValues, valueAndGrads } from '../tensor/index.ts'

/**
 * What an analysis knows of a network: units that respond to images, on the scale that the network reads. Each image is answered
 * by itself, so that the gradient of a sum over a batch is that of each image.
 */
export interface Responder {
  readonly shape: InputShape
  readonly units: number
  /** [batch, height, width, channels] -> [batch, units] */
  respond(images: Tensor4D): Tensor2D
}

/** Images side by side: [count, height, width, channels] row-major. */
export interface Images {
  readonly count: number
  readonly values: Float32Array
}

/** Images in one pass of the network: small enough for the activations of a deep one. */
const BATCH = 32

/** Hears which part of an analysis is done, and throws to end it. */
export type Progress = (fraction: number) => void

export const imageSize = ({ height, width, channels }: InputShape): number => height * width * channels

/** Responses of all units to all images [count, units]. */
export async function responsesTo(
  responder: Responder,
  { count, values }: Images,
  progress: Progress = () => undefined,
): Promise<Float32Array> {
  const out = new Float32Array(count * responder.units)
  for (const { from, to } of batchesOf(count)) {
    const part = await readValues(() => responder.respond(batchOf(responder.shape, values, from, to)))
    out.set(part, from * responder.units)
    progress(to / count)
  }
  return out
}

/** Responses of one unit for each image: of `unitOf[i]` to image i [count]. */
export async function ownResponses(
  responder: Responder,
  images: Images,
  unitOf: Int32Array,
): Promise<Float32Array> {
  const all = await responsesTo(responder, images)
  return Float32Array.from(unitOf, (unit, i) => all[i * responder.units + unit]!)
}

/** Gradients of the response of unit `unitOf[i]` with respect to image i, [count, height, width, channels]. */
export async function responseGradients(
  responder: Responder,
  { count, values }: Images,
  unitOf: Int32Array,
  progress: Progress = () => undefined,
): Promise<Float32Array> {
  const size = imageSize(responder.shape)
  const out = new Float32Array(count * size)
  for (const { from, to } of batchesOf(count)) {
    out.set(await gradientsOf(responder, values, unitOf, from, to), from * size)
    progress(to / count)
  }
  return out
}

function gradientsOf(
  responder: Responder,
  values: Float32Array,
  unitOf: Int32Array,
  from: number,
  to: number,
): Promise<Float32Array> {
  const own = new Float32Array((to - from) * responder.units)
  for (let i = from; i < to; i++) own[(i - from) * responder.units + unitOf[i]!] = 1
  return readValues(() =>
    tidy(() => {
      const images = batchOf(responder.shape, values, from, to)
      const chosen = tensor2d(own, [to - from, responder.units])
      const { value, grads } = valueAndGrads(
        () => sum(mul(responder.respond(images), chosen)),
        new Map([['images', images]]),
        ['images'],
      )
      value.dispose()
      return grads.get('images')! // the response depends on the image
    }),
  )
}

function* batchesOf(count: number): Generator<{ readonly from: number; readonly to: number }> {
  for (let from = 0; from < count; from += BATCH) yield { from, to: Math.min(count, from + BATCH) }
}

function batchOf(shape: InputShape, values: Float32Array, from: number, to: number): Tensor4D {
  const size = imageSize(shape)
  const { height, width, channels } = shape
  return tensor4d(values.subarray(from * size, to * size), [to - from, height, width, channels])
}
