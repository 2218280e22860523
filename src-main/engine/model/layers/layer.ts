import type { Tensor4D, Tensor } from '@tensorflow/tfjs-core'
import type { ForwardContext, ParamMap, ParamSpec } from '../../types.ts'
import type { Shape3, Window } from '../base/shape.ts'

/** One module of a network: its tensors, its arithmetic and its forward pass. */
export interface Layer {
  readonly name: string
  /** Module path in the published model, also accepted where representations are asked for. */
  readonly torch: string
  readonly kind: string
  readonly block: string
  readonly specs: readonly ParamSpec[]
  readonly output: Shape3
  readonly multiplyAdds: number
  /** Layers that this one is made of, for the layer table. */
  readonly inner?: readonly Layer[]
  /** Present where the layer widens the receptive field (rows; columns are the same in every model here). */
  readonly window?: Window
  apply(x: Tensor4D, params: ParamMap, context: ForwardContext): Tensor4D
}

/** Outputs of layers that somebody asked for, by the name they used. */
export type Taken = Map<string, Tensor>

/** Names under which a tensor is wanted, of those it goes by. */
export function take(
  taken: Taken,
  context: ForwardContext,
  value: Tensor,
  ...names: readonly string[]
): void {
  for (const name of names) if (context.capture?.has(name) === true) taken.set(name, value)
}

/** Whether the output of a layer is to be kept, by our name or the published one. */
export const isWanted = (layer: Layer, context: ForwardContext): boolean =>
  context.capture !== undefined && (context.capture.has(layer.name) || context.capture.has(layer.torch))
