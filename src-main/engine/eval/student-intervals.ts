import { studentQuantile } from '../../../src-shared/util/student-t.ts'
import { mean, variance } from './measures/moments.ts'

/** A mean, or a difference of means, with the ends of its interval; null where the sample allows none. */
export interface Interval {
  readonly mean: number
  readonly low: number | null
  readonly high: number | null
}

const LEVEL = 0.95
/** The mean with its interval by Student's t; no interval for fewer than two values, or where all are equal. */
export function meanInterval(values: readonly number[], level = LEVEL): Interval {
  const center = mean(values)
  const spread = values.length < 2 ? 0 : variance(values, 1)
  // Equal values say that the measure is coarse, not that it is certain.
  if (spread === 0) return { mean: center, low: null, high: null }
  const half = studentQuantile((1 + level) / 2, values.length - 1) * Math.sqrt(spread / values.length)
  return { mean: center, low: center - half, high: center + half }
}

/** Difference of the means of two independent samples (a - b) with Welch's interval; each needs two values for one. */
export function welchInterval(a: readonly number[], b: readonly number[], level = LEVEL): Interval {
  const center = mean(a) - mean(b)
  if (a.length < 2 || b.length < 2) return { mean: center, low: null, high: null }
  const [va, vb] = [variance(a, 1) / a.length, variance(b, 1) / b.length]
  if (va + vb === 0) return { mean: center, low: null, high: null }
  const df = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1))
  const half = studentQuantile((1 + level) / 2, df) * Math.sqrt(va + vb)
  return { mean: center, low: center - half, high: center + half }
}
