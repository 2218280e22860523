export interface Bin {
  readonly low: number
  readonly high: number
  readonly count: number
}

/** Counts of values in bins of equal width; values that are missing or not finite are left out. */
export function histogramOf(
  values: readonly (number | null)[],
  bins: number,
  range?: readonly [number, number],
): Bin[] {
  const finite = values.filter((v): v is number => v !== null && Number.isFinite(v))
  if (finite.length === 0) return []
  const low = range?.[0] ?? finite.reduce((a, b) => Math.min(a, b))
  const top = range?.[1] ?? finite.reduce((a, b) => Math.max(a, b))
  // All values equal: one bin around them.
  const width = (top > low ? top - low : 1) / bins
  const counts = new Array<number>(bins).fill(0)
  for (const v of finite) {
    const at = Math.min(bins - 1, Math.max(0, Math.floor((v - low) / width)))
    counts[at] = (counts[at] ?? 0) + 1
  }
  return counts.map((count, i) => ({ low: low + i * width, high: low + (i + 1) * width, count }))
}

/** The median of the finite values, or null where there are none. */
export function medianOf(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((v): v is number => v !== null && Number.isFinite(v)).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? null)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
