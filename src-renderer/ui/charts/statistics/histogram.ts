import { multiple, niceStep } from '../frame/nice-ticks.ts'

export interface Bin {
  readonly low: number
  readonly high: number
  readonly count: number
}

/**
 * Counts of values in bins of equal width, at most about `bins` of them: the width is a round number and the edges are its multiples, so
 * that axes read well and 0 is never inside a bin. Values that are missing or not finite are left out.
 */
export function histogramOf(values: readonly (number | null)[], bins: number): Bin[] {
  const finite = finiteOf(values)
  if (finite.length === 0) return []
  const least = finite.reduce((a, b) => Math.min(a, b))
  const most = finite.reduce((a, b) => Math.max(a, b))
  // All values equal: one bin beside them.
  const width = niceStep((most > least ? most - least : 1) / bins)
  const first = Math.floor(least / width)
  const count = Math.max(1, Math.ceil(most / width) - first)
  const counts = new Array<number>(count).fill(0)
  for (const v of finite) {
    const at = Math.min(count - 1, Math.max(0, Math.floor(v / width) - first))
    counts[at] = (counts[at] ?? 0) + 1
  }
  return counts.map((n, i) => ({
    low: multiple(first + i, width),
    high: multiple(first + i + 1, width),
    count: n,
  }))
}

const finiteOf = (values: readonly (number | null)[]): number[] =>
  values.filter((v): v is number => v !== null && Number.isFinite(v))

/** The median of the finite values, or null where there are none. */
export function medianOf(values: readonly (number | null)[]): number | null {
  const sorted = finiteOf(values).sort((a, b) => a - b)
  return sorted.length === 0 ? null : quantileOf(sorted, 0.5)
}

/** Quantile of sorted numbers with linear interpolation (type 7 of Hyndman & Fan 1996, the default of R and NumPy); NaN for none. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1)
  const low = sorted[Math.floor(at)] ?? NaN
  const high = sorted[Math.ceil(at)] ?? NaN
  return low + (high - low) * (at - Math.floor(at))
}

/** Share of values at or below each value, for a cumulative curve that starts at 0; of many values `most` are taken, evenly by rank. */
export function cumulativeOf(values: readonly number[], most = Infinity): { x: number; y: number }[] {
  const sorted = [...values].sort((a, b) => a - b)
  const n = sorted.length
  const count = Math.min(n, most)
  if (n === 0) return []
  const points = Array.from({ length: count }, (_, k) => {
    const i = count === 1 ? n - 1 : Math.round((k * (n - 1)) / (count - 1))
    return { x: sorted[i] ?? 0, y: (i + 1) / n }
  })
  return [{ x: sorted[0] ?? 0, y: 0 }, ...points]
}
