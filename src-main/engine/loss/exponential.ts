import { add, div, log } from '@tensorflow/tfjs-core'
import type { Loss } from '../types.ts'
import type { Reduction } from './present.ts'
import { presentOf, reducePresent } from './present.ts'

/** Added to predictions and to responses, as published. */
const PREDICTED_EPSILON = 1e-12
const RESPONSE_EPSILON = 1e-6

/**
 * Negative log likelihood t / y + log y of responses t under exponential distributions of mean y [batch, units]; for continuous responses that are
 * not below 0, such as deconvolved fluorescence. Source: neuralpredictors `ExponentialLoss`, which has the mean alone.
 */
export function exponential(reduction: Reduction): Loss {
  return (output, target) => {
    const present = presentOf(target)
    const mean = add(output, PREDICTED_EPSILON)
    return reducePresent(add(div(add(present.target, RESPONSE_EPSILON), mean), log(mean)), present, reduction)
  }
}
