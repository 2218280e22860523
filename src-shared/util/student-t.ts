import { logGamma } from './log-gamma.ts'

/** Relative width at which the search for a quantile ends; far below what is shown. */
const PRECISION = 1e-11
const FRACTION_STEPS = 300
const TINY = 1e-300
const CLOSE = 1e-15

/** Continued fraction of the incomplete beta function (Lentz's method; Press et al., Numerical Recipes, 6.4). */
function betaFraction(x: number, a: number, b: number): number {
  const away = (v: number): number => (Math.abs(v) < TINY ? TINY : v)
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m <= FRACTION_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    h *= d * c
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    h *= d * c
    if (Math.abs(d * c - 1) < CLOSE) break
  }
  return h
}

/** Regularised incomplete beta function. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x))
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b
}

/** Probability that Student's t with `df` degrees of freedom (any positive number) is at most `t`. */
export function studentCdf(t: number, df: number): number {
  const tail = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2
  return t > 0 ? 1 - tail : tail
}

const known = new Map<string, number>()
/** Tables ask for the same few degrees of freedom again and again. */
const KEPT = 1000

/** Quantile of Student's t for `share` between 0.5 and 1. */
export function studentQuantile(share: number, df: number): number {
  const key = `${share} ${df}`
  const before = known.get(key)
  if (before !== undefined) return before
  if (known.size >= KEPT) known.clear()
  let low = 0
  let high = 1
  while (studentCdf(high, df) < share && high < Number.MAX_VALUE / 2) high *= 2
  while (high - low > PRECISION * high) {
    const middle = (low + high) / 2
    if (studentCdf(middle, df) < share) low = middle
    else high = middle
  }
  known.set(key, high)
  return high
}
