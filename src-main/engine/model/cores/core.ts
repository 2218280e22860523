import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core'
import type { ForwardContext, LayerRow, ParamMap, ParamSpec } from '../../types.ts'
import type { Taken } from '../layers/layer.ts'
import type { Field } from '../layers/layer-table.ts'
import type { Shape3 } from '../base/shape.ts'

/** Maps images [B, H, W, C] to the feature map that readouts read. */
export interface Core {
  readonly specs: readonly ParamSpec[]
  readonly rows: readonly LayerRow[]
  readonly output: Shape3
  /** What one cell of the output sees, where all of it sees the same. */
  readonly field?: Field
  apply(x: Tensor4D, params: ParamMap, context: ForwardContext, taken: Taken): Tensor4D
  /** Regulariser of the weights, with its factors. [] */
  penalty(params: ParamMap): Scalar
}
