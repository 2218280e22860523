import { fill, tidy } from '@tensorflow/tfjs-core'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { Trace, TraceValue } from '../tensor/index.ts'
import { trace } from '../tensor/index.ts'
import type { Route } from '../types.ts'
import type { Network } from './network.ts'
import { EVALUATION } from './network.ts'

/** A value of a traced network as it is for one image. */
export interface GraphValue extends TraceValue {
  /** The axis that counts images; null where there is none. It may count several rows for each image. */
  readonly batchAxis: number | null
}

/** What a network computes in evaluation, for any number of images. */
export interface NetworkGraph {
  readonly values: readonly GraphValue[]
  readonly output: number
}

/**
 * Writes down what a network computes for a route, as operations on images [batch, height, width, channels] and parameters. It is
 * traced with one image and with two: what differs is the batch.
 * @throws RangeError where what is computed depends on the number of images in another way
 */
export async function traceNetwork(
  { model, params }: Network,
  route: Route,
  [height, width, channels]: readonly [number, number, number],
): Promise<NetworkGraph> {
  const traced = async (batch: number): Promise<Trace> => {
    const images: Tensor4D = fill([batch, height, width, channels], 0.5)
    try {
      return await trace(images, params, () =>
        tidy(() => model.apply(params, images, route, EVALUATION).output),
      )
    } finally {
      images.dispose()
    }
  }
  const [one, two] = [await traced(1), await traced(2)]
  if (one.values.length !== two.values.length)
    throw new RangeError('the network differs with the number of images')
  return { values: one.values.map((value, i) => ({ ...value, batchAxis: batchAxis(value, two.values[i]!) })), output: one.output } // prettier-ignore
}

function batchAxis(one: TraceValue, two: TraceValue): number | null {
  const axes = one.shape.flatMap((n, axis) => (two.shape[axis] === n ? [] : [axis]))
  const [axis = null] = axes
  if (axis === null) return null
  if (axes.length > 1 || two.shape[axis] !== 2 * one.shape[axis]!)
    throw new RangeError('the network mixes images')
  // A constant for each image is one for all of them: it is spread over the batch.
  return one.from.kind === 'constant' ? null : axis
}
