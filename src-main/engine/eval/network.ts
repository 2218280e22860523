import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { tidy } from '@tensorflow/tfjs-core'
import { createRng } from '../../../src-shared/util/rng.ts'
import type { ForwardContext, Model, ParamMap, Route } from '../types.ts'

/** A model together with the values of its parameters: all that evaluation needs to know of training. */
export interface Network {
  readonly model: Model
  readonly params: ParamMap
  /** Changes classification images first; absent: they are seen as the loader gives them. */
  readonly view?: InputView
}

/** Another view of the n-th batch of a loader; a new tensor, or the inputs themselves. */
export type InputView = (inputs: Tensor4D, loader: string, batch: number) => Tensor4D

/** Nothing is sampled in evaluation, so the stream is never drawn from. */
const UNUSED_RNG = createRng(0)

export const EVALUATION: ForwardContext = { training: false, rng: UNUSED_RNG, frozenNorms: new Set() }

/** Output in evaluation mode: running statistics, no sampling. [batch, classes], or [batch, units] means unless asked otherwise */
export function forward(
  network: Network,
  inputs: Tensor4D,
  route: Route,
  wanted: 'mean' | 'parameters' = 'mean',
): Tensor2D {
  const context = { ...EVALUATION, distribution: wanted === 'parameters' }
  return tidy(() => network.model.apply(network.params, inputs, route, context).output)
}
