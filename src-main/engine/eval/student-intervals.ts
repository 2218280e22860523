import { studentQuantile } from '../../../src-shared/util/student-t.ts'
import { mean, variance } from './measures/moments.ts'

/** A mean, or a difference of means, with the ends of its interval; null where the sample allows none. */
export interface Interval {
  readonly mean: number
  readonly low: number | null
  readonly high: number | null
}

/** One source of chance in an estimate: what it adds to the variance of the estimate, known with `df` degrees of freedom. */
export interface Chance {
  readonly variance: number
  readonly df: number
}

const LEVEL = 0.95

/** What a sample of at least two values adds to the variance of its mean. */
export const chanceOfMean = (values: readonly number[]): Chance => ({
  variance: variance(values, 1) / values.length,
  df: values.length - 1,
})

/**
 * Half the width of the interval of an estimate with these sources of chance: Student's t with the degrees of freedom of
 * Satterthwaite (Biometrics Bulletin 2, 1946), which are those of Welch for two samples. Null where nothing varies: equal values say
 * that the measure is coarse, not that it is certain.
 */
export function halfWidth(chances: readonly Chance[], level = LEVEL): number | null {
  const total = chances.reduce((sum, { variance: v }) => sum + v, 0)
  if (!(total > 0)) return null
  const [only, ...others] = chances
  const df =
    only !== undefined && others.length === 0
      ? only.df
      : total ** 2 / chances.reduce((sum, { variance: v, df: own }) => sum + v ** 2 / own, 0)
  return studentQuantile((1 + level) / 2, df) * Math.sqrt(total)
}

/** An estimate with its interval. */
function intervalAround(center: number, chances: readonly Chance[], level = LEVEL): Interval {
  const half = halfWidth(chances, level)
  return half === null
    ? { mean: center, low: null, high: null }
    : { mean: center, low: center - half, high: center + half }
}

/** The mean with its interval by Student's t; no interval for fewer than two values, or where all are equal. */
export function meanInterval(values: readonly number[], level = LEVEL): Interval {
  return intervalAround(mean(values), values.length < 2 ? [] : [chanceOfMean(values)], level)
}

/** Difference of the means of two independent samples (a - b) with Welch's interval; each needs two values for one. */
export function welchInterval(a: readonly number[], b: readonly number[], level = LEVEL): Interval {
  const hasBoth = a.length > 1 && b.length > 1
  return intervalAround(mean(a) - mean(b), hasBoth ? [chanceOfMean(a), chanceOfMean(b)] : [], level)
}
