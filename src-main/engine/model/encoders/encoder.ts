import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { ForwardContext, ParamMap, ParamSpec } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'

/** What an encoder adds to one session. */
export interface SessionEncoder {
  readonly specs: readonly ParamSpec[]
  /**
   * Readout values [B, numbers * units] -> in evaluation the predicted mean [B, units]; in training what the loss of this
   * encoder wants: the parameters of the distribution side by side [B, parameters * units].
   */
  respond(z: Tensor2D, params: ParamMap, context: ForwardContext): Tensor2D
}

/** How responses follow from what the readouts say. */
export interface Encoder {
  /** Numbers that a readout must give per unit. */
  readonly numbers: number
  session(place: Place, units: number): SessionEncoder
}
