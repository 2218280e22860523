/** Mean; NaN for an empty list. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

/**
 * Variance divided by count - `ddof` (0: population, 1: sample). Deviations are taken from the first value, so that a
 * constant series has a variance of exactly 0 and silent neurons are recognised.
 */
export function variance(values: ArrayLike<number>, ddof: 0 | 1): number {
  const origin = values[0] ?? 0
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! - origin
  const center = sum / values.length
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (values[i]! - origin - center) ** 2
  return squares / (values.length - ddof)
}

/** Lists one behind the other. */
export function concatenated(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0))
  let at = 0
  for (const list of lists) {
    all.set(list, at)
    at += list.length
  }
  return all
}
