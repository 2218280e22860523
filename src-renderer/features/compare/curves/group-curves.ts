import type { IntervalKind } from '../../../ui/charts/statistics/interval-of.ts'
import { INTERVALS, intervalOf } from '../../../ui/charts/statistics/interval-of.ts'
import type { Point } from '../../../ui/charts/frame/series.ts'

/** Kinds of bands around a mean curve: a bootstrap at each of thousands of places would take too long. */
export const BANDS = INTERVALS.filter(({ value }) => value !== 'bootstrap')

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
export function groupLine(lines: readonly (readonly Point[])[], spread: IntervalKind): GroupLine {
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
    const at = intervalOf(values, spread)
    mean.push({ x, y: at?.mean ?? null })
    low.push({ x, y: at?.low ?? null })
    high.push({ x, y: at?.high ?? null })
    if (values.length < before) drops.push({ x, n: values.length })
    before = values.length
    most = Math.max(most, values.length)
    fewest = Math.min(fewest, values.length)
  }
  return { mean, band: { low, high }, most, fewest: Number.isFinite(fewest) ? fewest : 0, drops }
}
