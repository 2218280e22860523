import type { Tensor2D } from '@tensorflow/tfjs-core'
import { add, cast, div, greater, log, maximum, mul, sub, sum } from '@tensorflow/tfjs-core'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import type { Loss } from '../types.ts'
import type { Present, Reduction } from './present.ts'
import { presentOf, reducePresent } from './present.ts'

/** Inside the logarithm in the library that the co-training paper used (2021). */
export const POISSON_EPSILON_2021 = 1e-12
/** The same in current neuralpredictors. */
export const POISSON_EPSILON = 1e-8

export interface PoissonOptions {
  readonly reduction: Reduction
  /** Added to the rate inside the logarithm. */
  readonly epsilon: number
  /** Adds Stirling's approximation of log t! where t > 1, so that the value is a likelihood. */
  readonly stirling: boolean
}

const TWO_PI = 2 * Math.PI

/** Poisson negative log likelihood y - t log(y + epsilon) over batch and units. */
export function poisson(o: PoissonOptions): Loss {
  return (rate, target) => {
    const present = presentOf(target)
    return reducePresent(poissonTerms(rate, present.target, o), present, o.reduction)
  }
}

/** The same per unit: sum or mean over the batch only. [units] */
export function poissonPerUnit(rate: Tensor2D, target: Tensor2D, o: PoissonOptions): Tensor1D {
  const present: Present = presentOf(target)
  const total: Tensor1D = sum(mul(poissonTerms(rate, present.target, o), present.weight), 0)
  return o.reduction === 'sum' ? total : div(total, maximum(sum(present.weight, 0), 1))
}

function poissonTerms(rate: Tensor2D, target: Tensor2D, o: PoissonOptions): Tensor2D {
  const terms: Tensor2D = sub(rate, mul(target, log(add(rate, o.epsilon))))
  return o.stirling ? add(terms, stirling(target)) : terms
}

/** t log t - t + log(2 pi t) / 2 for t > 1, else 0. */
function stirling(target: Tensor2D): Tensor2D {
  const t = maximum(target, 1)
  const value = add(sub(mul(t, log(t)), t), mul(log(mul(t, TWO_PI)), 0.5))
  return mul(value, cast(greater(target, 1), 'float32'))
}
