import { quantileOf } from './histogram.ts'

/** What a box plot shows of one group. */
export interface BoxStats {
  readonly n: number
  readonly min: number
  readonly q1: number
  readonly median: number
  readonly q3: number
  readonly max: number
  readonly mean: number
  /** Ends of the whiskers: the farthest values within 1.5 times the height of the box (Tukey 1977). */
  readonly whiskerMin: number
  readonly whiskerMax: number
}

const WHISKER = 1.5

/** Five numbers, mean and whiskers; null without values. */
export function boxStats(values: readonly number[]): BoxStats | null {
  const sorted = [...values].sort((a, b) => a - b)
  const min = sorted[0]
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) return null
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((share) => quantileOf(sorted, share)) as [
    number,
    number,
    number,
  ]
  const reach = WHISKER * (q3 - q1)
  return {
    n: sorted.length,
    min,
    q1,
    median,
    q3,
    max,
    mean: sorted.reduce((a, b) => a + b, 0) / sorted.length,
    whiskerMin: sorted.find((v) => v >= q1 - reach) ?? min,
    whiskerMax: sorted.findLast((v) => v <= q3 + reach) ?? max,
  }
}

const PLACES = 64

/** Density along the values for a violin: Gaussian kernel with Silverman's rule of thumb (1986, 3.31), at places from the least to the greatest. */
export function densityOf(values: readonly number[]): { v: number; estimate: number }[] {
  const stats = boxStats(values)
  if (stats === null) return []
  const width = bandwidthOf(values, stats)
  if (width === 0) return [{ v: stats.min, estimate: 1 }]
  return Array.from({ length: PLACES + 1 }, (_, i) => {
    const v = stats.min + (i / PLACES) * (stats.max - stats.min)
    const sum = values.reduce((s, x) => s + Math.exp(-0.5 * ((v - x) / width) ** 2), 0)
    return { v, estimate: sum / (values.length * width * Math.sqrt(2 * Math.PI)) }
  })
}

function bandwidthOf(values: readonly number[], { n, mean, q1, q3 }: BoxStats): number {
  if (n < 2) return 0
  const sd = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / (n - 1))
  const quartile = (q3 - q1) / 1.34
  return 0.9 * (quartile > 0 ? Math.min(sd, quartile) : sd) * n ** -0.2
}

/** A place beside the middle, from -0.5 to 0.5, the same for the same number: points of one value do not hide each other. */
export const jitterOf = (i: number): number => ((i * GOLDEN_RATIO) % 1) - 0.5

/** Multiples of it fill an interval evenly in any number (Weyl sequence). */
const GOLDEN_RATIO = 0.6180339887498949
