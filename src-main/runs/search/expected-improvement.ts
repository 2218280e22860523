import type { Belief } from './gaussian-process.ts'

const HALF_LOG_2PI = Math.log(2 * Math.PI) / 2
/** Below, the difference of two nearly equal numbers is taken from its series. */
const FAR = -12

/**
 * Logarithm of how much the largest value is expected to rise above `best` at a point, to find the best place also where that is next to
 * nothing (expected improvement: Jones, Schonlau and Welch 1998; its logarithm: Ament et al. 2023).
 */
export function logExpectedImprovement({ mean, sd }: Belief, best: number): number {
  if (sd <= 0) return mean > best ? Math.log(mean - best) : Number.NEGATIVE_INFINITY
  const z = (mean - best) / sd
  return Math.log(sd) + logRise(z)
}

/** ln(φ(z) + z Φ(z)) of the standard normal. */
function logRise(z: number): number {
  const density = -(z * z) / 2 - HALF_LOG_2PI
  if (z > FAR) return Math.log(Math.exp(density) + z * normalBelow(z))
  const s = 1 / (z * z)
  return density + Math.log(s * (1 - s * (3 - s * (15 - s * (105 - s * 945)))))
}

/** Φ(z), with 14 digits also far below 0. */
export function normalBelow(z: number): number {
  return z > 0 ? 1 - tail(z) : tail(-z)
}

/** Probability above x >= 0: the series of erf near 0, the continued fraction beyond (Abramowitz and Stegun 7.1.6 and 7.1.14). */
function tail(x: number): number {
  const density = Math.exp(-(x * x) / 2 - HALF_LOG_2PI)
  if (x < 3) {
    let term = x
    let sum = x
    for (let k = 1; Math.abs(term) > 1e-17 * sum && k < 200; k++) {
      term *= (x * x) / (2 * k + 1)
      sum += term
    }
    return 0.5 - density * sum
  }
  let fraction = x
  for (let k = 120; k > 0; k--) fraction = x + k / fraction
  return density / fraction
}
