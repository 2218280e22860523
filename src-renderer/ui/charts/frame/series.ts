import type { Marker } from '../../../format/series-style.ts'

export interface Point {
  readonly x: number
  readonly y: number | null
}

/** One line of a chart, ready to draw. */
export interface Series {
  readonly id: string
  readonly label: string
  /** Colour token, e.g. `--c0`. */
  readonly token: string
  readonly dash: readonly number[]
  /** Drawn at a few places of the line. */
  readonly marker?: Marker
  /** A further seed of a setting whose line has the same style: thinner and fainter than the first. */
  readonly isFurther?: boolean
  readonly points: readonly Point[]
  /** Drawn faintly beneath all lines: the values before smoothing. */
  readonly raw?: readonly Point[]
  /** Spread over seeds, drawn as an area. */
  readonly band?: { readonly low: readonly Point[]; readonly high: readonly Point[] }
  /** Faded while another series is looked at. */
  readonly faded?: boolean
  /** One of many: thin and pale unless looked at, which makes it strong and brings it to the top. */
  readonly stress?: 'quiet' | 'strong'
  /** Where values were not finite. */
  readonly gaps?: readonly Point[]
}

/** A moment worth a line: best epoch, decay of the learning rate, resume. */
export interface Mark {
  readonly x: number
  readonly label: string
  /** `chosen`: the place that a person looks at. */
  readonly tone: 'chosen' | 'good' | 'muted' | 'warn'
}

/** The points' value at a place: that of the nearest point, or null when the line does not reach there. */
export function valueAt(points: readonly Point[], x: number): number | null {
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return null
  const reach = points.length > 1 ? (last.x - first.x) / (points.length - 1) : 0
  if (x < first.x - reach || x > last.x + reach) return null
  let low = 0
  let high = points.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.x ?? 0) < x) low = middle + 1
    else high = middle
  }
  const right = points[low]
  const left = points[low - 1]
  if (left === undefined || right === undefined) return right?.y ?? null
  return x - left.x < right.x - x ? left.y : right.y
}

/** Least and greatest x and finite y over all series; null where there is nothing to draw. */
export function extentOf(series: readonly Series[]): { x: [number, number]; y: [number, number] } | null {
  const x: [number, number] = [Infinity, -Infinity]
  const y: [number, number] = [Infinity, -Infinity]
  for (const { points, raw = [], band } of series) {
    for (const list of [points, raw, band?.low ?? [], band?.high ?? []]) {
      for (const p of list) {
        if (p.y === null || !Number.isFinite(p.y)) continue
        x[0] = Math.min(x[0], p.x)
        x[1] = Math.max(x[1], p.x)
        y[0] = Math.min(y[0], p.y)
        y[1] = Math.max(y[1], p.y)
      }
    }
  }
  return x[0] > x[1] ? null : { x, y }
}

/** One sentence on what a chart shows, for those who cannot see it. */
export function summaryOf(
  title: string,
  series: readonly Series[],
  format: (value: number | null) => string,
  marks: readonly Mark[] = [],
): string {
  if (series.length === 0) return `${title}: no data yet.`
  const lines = series.slice(0, 8).map((s) => `${s.label} ends at ${format(s.points.at(-1)?.y ?? null)}`)
  const rest = series.length > 8 ? ` and ${series.length - 8} more lines` : ''
  const named =
    marks.length === 0 ? '' : ` Marks: ${marks.map((m) => `${m.label} at ${format(m.x)}`).join(', ')}.`
  return `${title}: ${lines.join('; ')}${rest}.${named}`
}
