import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { add, exp, log, mul, sub } from '@tensorflow/tfjs-core'
import { lgamma } from '../tensor/index.ts'
import type { Reduction } from './present.ts'
import { presentOf, reducePresent } from './present.ts'

/** Constant that the published loss carries; without effect on gradients. */
const PUBLISHED_CONSTANT = 1e-5

/**
 * Negative binomial negative log likelihood with dispersion r = exp(logR), what the published co-trainer makes of a Poisson
 * loss with a learned weight: (t+r) log(y+r) - t log y - r log r + lgamma(r) - lgamma(t+r) + lgamma(t+1).
 * log y is unguarded as published: rates must be above 0.
 */
export function negativeBinomial(
  output: Tensor2D,
  target: Tensor,
  logR: Tensor,
  reduction: Reduction,
): Scalar {
  const present = presentOf(target)
  const t = present.target
  const r = exp(logR) // [] or [1]
  const data = sub(mul(add(t, r), log(add(output, r))), mul(t, log(output)))
  const norm = add(sub(lgamma(r), mul(r, logR)), sub(lgamma(add(t, 1)), lgamma(add(t, r))))
  return reducePresent(add(add(data, norm), PUBLISHED_CONSTANT), present, reduction)
}
