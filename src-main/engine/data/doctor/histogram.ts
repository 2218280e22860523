/** Counts of values in equal bins from the smallest to the largest; missing values apart. */
export interface Histogram {
  readonly low: number
  readonly high: number
  readonly counts: Int32Array
  readonly missing: number
}

/** Histogram of finite values; one bin wide when all are equal. Missing is NaN; infinite values have no bin. */
export function histogramOf(values: Iterable<number>, bins = 20): Histogram {
  const finite: number[] = []
  let missing = 0
  for (const value of values) {
    if (Number.isFinite(value)) finite.push(value)
    else if (Number.isNaN(value)) missing++
  }
  let [low, high] = [Infinity, -Infinity]
  for (const value of finite) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const counts = new Int32Array(bins)
  const width = high > low ? (high - low) / bins : 1
  for (const value of finite) {
    const bin = Math.min(bins - 1, Math.floor((value - low) / width))
    counts[bin] = counts[bin]! + 1 // bin is in range
  }
  return { low: finite.length ? low : 0, high: finite.length ? high : 0, counts, missing }
}
