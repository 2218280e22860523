import { add, div, maximum, mul, sqrt, square, sub } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Loss } from '../types.ts'
import type { Reduction } from './present.ts'
import { presentOf, reducePresent } from './present.ts'

/** The transform makes the spread of counts about 1 whatever their mean (Anscombe 1948). */
const SHIFT = 3 / 8

/** 2 sqrt(x + 3/8), of at least 0: a response below the shift, of which there is no root, counts as one at it. */
const transformed = <T extends Tensor>(x: T): T => mul(sqrt(maximum(add<T>(x, SHIFT), 0)), 2)

/**
 * Squared difference of responses and predictions [batch, units] after Anscombe's transform, with the bias of predictions, 1 / (4 sqrt(y)),
 * taken off; for counts. Predictions are above 0. Source: neuralpredictors `AnscombeMSE`, which has the mean alone.
 */
export function anscombeError(reduction: Reduction): Loss {
  return (output, target) => {
    const present = presentOf(target)
    const predicted = sub(transformed(output), div(1, mul(sqrt(output), 4)))
    return reducePresent(square(sub(transformed(present.target), predicted)), present, reduction)
  }
}
