import type { Point } from '../charts/series.ts'

export type Spread = 'sd' | 'sem' | 'ci95' | 'range'

export const SPREADS: readonly { readonly value: Spread; readonly label: string }[] = [
  { value: 'sd', label: 'Standard deviation' },
  { value: 'sem', label: 'Standard error' },
  { value: 'ci95', label: '95 % interval of the mean' },
  { value: 'range', label: 'Least to greatest' },
]

/** The value of a line at x, between its points; null outside and at gaps. */
function interpolate(points: readonly Point[], x: number): number | null {
  let low = 0
  let high = points.length - 1
  if (high < 0 || x < (points[0]?.x ?? 0) || x > (points[high]?.x ?? 0)) return null
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((points[middle]?.x ?? 0) <= x) low = middle
    else high = middle
  }
  const a = points[low]
  const b = points[high]
  if (a?.y == null || b?.y == null) return null
  return b.x === a.x ? a.y : a.y + ((x - a.x) / (b.x - a.x)) * (b.y - a.y)
}

export interface GroupLine {
  readonly mean: readonly Point[]
  /** Only where at least two runs are. */
  readonly band: { readonly low: readonly Point[]; readonly high: readonly Point[] }
  /** Most and fewest runs behind a point: they drop where runs ended early. */
  readonly most: number
  readonly fewest: number
  /** Places from which on fewer runs are behind the mean. */
  readonly drops: readonly { readonly x: number; readonly n: number }[]
}

/** Mean over runs of different lengths, at the places of the longest run, with a band. */
export function groupLine(lines: readonly (readonly Point[])[], spread: Spread): GroupLine {
  const longest = lines.reduce<readonly Point[]>(
    (a, b) => ((b.at(-1)?.x ?? -Infinity) > (a.at(-1)?.x ?? -Infinity) ? b : a),
    [],
  )
  const mean: Point[] = []
  const low: Point[] = []
  const high: Point[] = []
  const drops: { x: number; n: number }[] = []
  let most = 0
  let before = 0
  let fewest = Infinity
  for (const { x } of longest) {
    const values = lines.map((l) => interpolate(l, x)).filter((v): v is number => v !== null)
    const m = values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length
    mean.push({ x, y: m })
    const half = m === null ? null : halfWidths(values, m, spread)
    low.push({ x, y: half === null || m === null ? null : m - half[0] })
    high.push({ x, y: half === null || m === null ? null : m + half[1] })
    if (values.length < before) drops.push({ x, n: values.length })
    before = values.length
    most = Math.max(most, values.length)
    fewest = Math.min(fewest, values.length)
  }
  return { mean, band: { low, high }, most, fewest: Number.isFinite(fewest) ? fewest : 0, drops }
}

function halfWidths(
  values: readonly number[],
  mean: number,
  spread: Spread,
): readonly [number, number] | null {
  if (values.length < 2) return null
  if (spread === 'range') return [mean - Math.min(...values), Math.max(...values) - mean]
  const sd = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / (values.length - 1))
  const sem = sd / Math.sqrt(values.length)
  const half = spread === 'sd' ? sd : spread === 'sem' ? sem : t975(values.length - 1) * sem
  return [half, half]
}

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959964
const FEW: readonly number[] = [12.7062, 4.3027, 3.1824]

/** 97.5 % quantile of Student's t: from the table for few degrees of freedom, else by the expansion of Cornish and Fisher (1938). */
export function t975(df: number): number {
  const known = FEW[df - 1]
  if (known !== undefined) return known
  const first = (Z ** 3 + Z) / 4
  const second = (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96
  const third = (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384
  return Z + first / df + second / df ** 2 + third / df ** 3
}
