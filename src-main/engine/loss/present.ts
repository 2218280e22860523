import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import {
  cast,
  div,
  isNaN as isMissing,
  logicalNot,
  maximum,
  mul,
  sum,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'

/** Targets with missing entries (NaN) replaced by 0, and 1 or 0 for present or missing. Both [batch, units]. */
export interface Present {
  readonly target: Tensor2D
  readonly weight: Tensor2D
}

/** Missing responses take no part in a loss; they are replaced first so that no NaN enters a gradient. */
export function presentOf(target: Tensor): Present {
  const missing = isMissing(target)
  return {
    target: where(missing, zerosLike(target), target) as Tensor2D,
    weight: cast(logicalNot(missing), 'float32') as Tensor2D,
  }
}

export type Reduction = 'mean' | 'sum'

/** Sum or mean of the terms [batch, units] of present entries. [] */
export function reducePresent(terms: Tensor2D, { weight }: Present, reduction: Reduction): Scalar {
  const total: Scalar = sum(mul(terms, weight))
  return reduction === 'sum' ? total : div(total, maximum(sum(weight), 1))
}
