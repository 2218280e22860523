import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import type { ForwardContext, LayerRow, ParamMap, ParamSpec } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'

/** Allowed values of a tensor, enforced after each step and after loading. */
export type Ranges = ReadonlyMap<string, readonly [low: number, high: number]>

/** What a readout may be told per call, besides the forward context. */
export interface ReadoutCall {
  /** Sample positions although evaluating, or not although training. */
  readonly sample?: boolean
  /** Only these units, in this order. */
  readonly units?: readonly number[]
}

/** Maps a feature map [B, H, W, C] to responses [B, units]. */
export interface Readout {
  readonly specs: readonly ParamSpec[]
  readonly ranges: Ranges
  /** Tensors of another readout that this one reads, with the names that it has for them in the published state dict. */
  readonly borrowed?: ReadonlyMap<string, string>
  readonly row: LayerRow
  apply(features: Tensor4D, params: ParamMap, context: ForwardContext, call?: ReadoutCall): Tensor2D
  /** Regulariser with its weight. [] */
  penalty(params: ParamMap): Scalar
}

/** What every readout is built from. */
export interface ReadoutSite {
  readonly place: Place
  readonly input: Shape3
  readonly units: number
  /** First value of the bias, absent: 0. */
  readonly meanResponse?: ArrayLike<number>
}

/** How a feature penalty is reduced: the published models use the sum. */
export type Reduction = 'sum' | 'mean'
