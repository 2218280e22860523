import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import {
  add,
  div,
  greater,
  log,
  maximum,
  mul,
  neg,
  onesLike,
  split,
  square,
  sub,
  where,
} from '@tensorflow/tfjs-core'
import { lgamma, stopGradient } from '../tensor/index.ts'
import type { Loss } from '../types.ts'
import type { Reduction } from './present.ts'
import { presentOf, reducePresent } from './present.ts'

type Terms = (parameters: readonly Tensor2D[], target: Tensor2D) => Tensor2D

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)
/** Logarithms of responses at the threshold stay finite. */
const SMALLEST = 1e-12

/**
 * Negative log likelihood of responses under a distribution whose parameters a model gives side by side
 * [batch, parameters * units], summed (or averaged) over batch and units.
 */
function likelihood(count: number, name: string, terms: Terms): (reduction: Reduction) => Loss {
  return (reduction) => (output, target) => {
    const present = presentOf(target)
    if (output.shape[1] !== count * present.target.shape[1]) {
      throw new RangeError(
        `${name} wants ${count} numbers per unit; use it with the encoder of that distribution, in training`,
      )
    }
    return reducePresent(terms(split(output, count, 1), present.target), present, reduction)
  }
}

/** Normal distribution: mean, variance. */
export const gaussianLikelihood = likelihood(2, 'GaussianLoss', ([mean, variance], t) =>
  add(
    mul(add(log(variance as Tensor), div(square(sub(t, mean as Tensor)), variance as Tensor)), 0.5),
    HALF_LOG_TWO_PI,
  ),
)

/** Keeps silence in the range of the gamma distribution (as published; also what its score adds). */
const GAMMA_SHIFT = 1e-10

/** Gamma distribution: concentration, rate. Responses below 0, which the published loss refuses, count as a tiny positive one. */
export const gammaLikelihood = likelihood(2, 'GammaLoss', ([concentration, rate], t) =>
  neg(gammaLogDensity(maximum(add(t, GAMMA_SHIFT), SMALLEST), concentration!, rate!)),
)

function gammaLogDensity(x: Tensor, shape: Tensor2D, rate: Tensor2D): Tensor2D {
  const power = mul(sub(shape, 1), log(x))
  return sub(add(mul(shape, log(rate)), power), add(mul(rate, x), lgamma(shape)))
}

/** Zero-inflated with a gamma slab: theta, k, threshold, q. */
export const zigLikelihood = likelihood(4, 'ZIGLoss', ([theta, k, loc, q], t) =>
  inflated(t, loc!, q!, (above) => gammaLogDensity(above, k!, div(1, theta!))),
)

/** Zero-inflated with a log-normal slab: mu, variance, threshold, q. */
export const zilLikelihood = likelihood(4, 'ZILLoss', ([mu, variance, loc, q], t) =>
  inflated(t, loc!, q!, (above) => {
    const x = log(above)
    const spread = add(log(variance as Tensor), div(square(sub(x, mu as Tensor)), variance as Tensor))
    return neg(add(add(x, mul(spread, 0.5)), HALF_LOG_TWO_PI))
  }),
)

/** -[ y <= loc: log(1 - q) - log loc; y > loc: log q + slab log density of y - loc ]. */
function inflated(t: Tensor2D, loc: Tensor2D, q: Tensor2D, slab: (above: Tensor) => Tensor2D): Tensor2D {
  const spike = sub(log(sub(1, q)), log(loc))
  const responds = greater(t, stopGradient(loc))
  // Below the threshold the slab is not used; an argument of 1 keeps its gradient finite there.
  const above = where(responds, maximum(sub(t, loc), SMALLEST), onesLike(t))
  return neg(where(responds, add(log(q), slab(above)), spike)) as Tensor2D
}
