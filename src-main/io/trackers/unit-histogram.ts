/** Bins of a histogram of unit scores. */
const BINS = 30

interface Histogram {
  readonly min: number
  readonly max: number
  readonly count: number
  readonly sum: number
  readonly squares: number
  /** Upper end of each bin. */
  readonly limits: readonly number[]
  readonly counts: readonly number[]
}

/** Equal bins from the smallest to the largest value; one bin where all are equal. Values that are no numbers take no part. */
export function histogramOf(values: Float64Array): Histogram {
  const finite = values.filter(Number.isFinite)
  const min = finite.reduce((a, b) => Math.min(a, b), Infinity)
  const max = finite.reduce((a, b) => Math.max(a, b), -Infinity)
  const bins = finite.length === 0 ? 0 : min === max ? 1 : BINS
  const counts = Array.from({ length: bins }, () => 0)
  for (const value of finite) {
    const bin = Math.min(bins - 1, Math.floor(((value - min) / (max - min || 1)) * bins))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return {
    min: bins === 0 ? 0 : min,
    max: bins === 0 ? 0 : max,
    count: finite.length,
    sum: finite.reduce((a, b) => a + b, 0),
    squares: finite.reduce((a, b) => a + b * b, 0),
    limits: counts.map((_, i) => (i === bins - 1 ? max : min + ((i + 1) * (max - min)) / bins)),
    counts,
  }
}
