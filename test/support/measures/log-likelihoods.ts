/**
 * Negative log likelihoods of one response for models that predict whole distributions (neuralpredictors GaussianLoss,
 * GammaLoss and the zero-inflated losses).
 */

import { logGamma } from '../../../src-shared/util/log-gamma.ts'

/** -ln N(t; mean, variance). */
export function gaussianLoss(t: number, mean: number, variance: number): number {
  return 0.5 * (Math.log(2 * Math.PI * variance) + (t - mean) ** 2 / variance)
}

/** Keeps a count of 0 inside the support of the gamma distribution. */
const GAMMA_SHIFT = 1e-10

/** -ln Gamma(t + 1e-10; concentration, rate). */
export function gammaLoss(t: number, concentration: number, rate: number): number {
  return -logGammaDensity(t + GAMMA_SHIFT, concentration, rate)
}

/** A spike at small responses: uniform on [0, loc] with weight 1 - q, and a slab beyond loc with weight q. */
export interface Spike {
  readonly q: number
  readonly loc: number
}

function zeroInflated(t: number, { q, loc }: Spike, logSlab: (excess: number) => number): number {
  return t <= loc ? -Math.log((1 - q) / loc) : -Math.log(q) - logSlab(t - loc)
}

/** Zero-inflated gamma (ZIG). */
export function zeroInflatedGammaLoss(t: number, spike: Spike, concentration: number, rate: number): number {
  return zeroInflated(t, spike, (x) => logGammaDensity(x, concentration, rate))
}

/** Zero-inflated log-normal (ZIL): ln(t - loc) is normal. */
export function zeroInflatedLogNormalLoss(t: number, spike: Spike, mean: number, variance: number): number {
  return zeroInflated(t, spike, (x) => -gaussianLoss(Math.log(x), mean, variance) - Math.log(x))
}

export interface StudentT {
  readonly degrees: number
  readonly mean: number
  readonly scale: number
}

/** Zero-inflated log-Student: ln(t - loc) follows Student's t distribution. */
export function zeroInflatedLogStudentLoss(t: number, spike: Spike, slab: StudentT): number {
  return zeroInflated(t, spike, (x) => logStudentDensity(Math.log(x), slab) - Math.log(x))
}

function logGammaDensity(x: number, concentration: number, rate: number): number {
  return (
    concentration * Math.log(rate) + (concentration - 1) * Math.log(x) - rate * x - logGamma(concentration)
  )
}

function logStudentDensity(x: number, { degrees, mean, scale }: StudentT): number {
  const z = (x - mean) / scale
  const norm =
    logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * Math.log(degrees * Math.PI) - Math.log(scale)
  return norm - ((degrees + 1) / 2) * Math.log1p(z ** 2 / degrees)
}
