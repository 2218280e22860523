import type { Marker } from '../../../format/series-style.ts'
import type { ChartTable } from '../frame/chart-table.ts'

/** One mark of a scatter plot. */
export interface Dot {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly label: string
  readonly token: string
  readonly marker?: Marker
  /** A third quantity, shown as colour; null where it is missing. */
  readonly level?: number | null
  /** Ends of the error bars. */
  readonly xLow?: number | null
  readonly xHigh?: number | null
  readonly yLow?: number | null
  readonly yHigh?: number | null
  /** Drawn small and pale behind the others: the single seeds of a mean. */
  readonly isFaint?: boolean
}

/** A line to read points against: y = slope x, or one value of an axis. */
export type Guide =
  | { readonly kind: 'slope'; readonly slope: number; readonly label: string; readonly token?: string }
  | { readonly kind: 'x' | 'y'; readonly at: number; readonly label: string; readonly token?: string }

export interface ScatterLook {
  readonly xTitle: string
  readonly yTitle: string
  readonly xLog: boolean
  readonly yLog: boolean
  /** x = y is drawn, with the same limits on both axes. */
  readonly identity: boolean
  /** Words that stand at 0, 1, 2 ... of an axis. */
  readonly xNames: readonly string[] | null
  readonly yNames: readonly string[] | null
  readonly guides: readonly Guide[]
  readonly levelTitle: string
}

export interface Limits {
  readonly x: [number, number]
  readonly y: [number, number]
}

const AIR = 0.05
/** Room beside the first and the last word of an axis. */
const HALF = 0.5

/** Limits with a little air; whole categories; the same for both axes where the identity line matters. Error bars and guides count. */
export function limitsOf(dots: readonly Dot[], look: Partial<ScatterLook> = {}): Limits {
  const { identity = false, xLog = false, yLog = false, xNames = null, yNames = null, guides = [] } = look
  const at = (kind: 'x' | 'y'): number[] => guides.flatMap((g) => (g.kind === kind ? [g.at] : []))
  const x = [...dots.flatMap((d) => [d.x, d.xLow, d.xHigh]), ...at('x')]
  const y = [...dots.flatMap((d) => [d.y, d.yLow, d.yHigh]), ...at('y')]
  if (identity) {
    const both = spanOf([...x, ...y], xLog)
    return { x: both, y: [...both] }
  }
  return {
    x: xNames === null ? spanOf(x, xLog) : [-HALF, xNames.length - HALF],
    y: yNames === null ? spanOf(y, yLog) : [-HALF, yNames.length - HALF],
  }
}

function spanOf(all: readonly (number | null | undefined)[], isLog: boolean): [number, number] {
  const values = all.filter((v): v is number => v != null && Number.isFinite(v) && (!isLog || v > 0))
  const low = values.reduce((a, b) => Math.min(a, b), Infinity)
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity)
  if (low > high) return isLog ? [1, 10] : [0, 1]
  if (isLog) {
    const factor = high > low ? (high / low) ** AIR : 2
    return [low / factor, high * factor]
  }
  const air = high > low ? AIR * (high - low) : Math.abs(low) * AIR || HALF
  return [low - air, high + air]
}

/** Where y = slope x enters and leaves the plot; from the origin on, since scores below 0 say nothing about a share. */
export function slopeEnds(slope: number, { x, y }: Limits): [[number, number], [number, number]] {
  const start = Math.max(x[0], 0, slope > 0 ? y[0] / slope : 0)
  const end = slope > 0 ? Math.min(x[1], y[1] / slope) : x[1]
  return [
    [start, slope * start],
    [end, slope * end],
  ]
}

/** Least and greatest level; null where no point has one. */
export function levelRange(dots: readonly Dot[]): readonly [number, number] | null {
  const levels = dots.flatMap((d) => (d.level == null ? [] : [d.level]))
  return levels.length === 0 ? null : [Math.min(...levels), Math.max(...levels)]
}

/** Spearman's rank correlation; null below three pairs or without variation. */
export function rankCorrelation(dots: readonly { readonly x: number; readonly y: number }[]): number | null {
  if (dots.length < 3) return null
  const x = ranks(dots.map((d) => d.x))
  const y = ranks(dots.map((d) => d.y))
  const mean = (dots.length - 1) / 2
  let xy = 0
  let xx = 0
  let yy = 0
  for (let i = 0; i < x.length; i++) {
    const a = (x[i] ?? 0) - mean
    const b = (y[i] ?? 0) - mean
    xy += a * b
    xx += a * a
    yy += b * b
  }
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy)
}

/** Ranks from 0; ties share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((v, i) => ({ v, i })).sort((a, b) => a.v - b.v)
  const out = new Array<number>(values.length).fill(0)
  for (let start = 0; start < order.length;) {
    let end = start
    while (end + 1 < order.length && order[end + 1]?.v === order[start]?.v) end++
    for (let k = start; k <= end; k++) out[order[k]?.i ?? 0] = (start + end) / 2
    start = end + 1
  }
  return out
}

/** The numbers behind the points, with what is drawn of levels and error bars. */
export function dotTable(dots: readonly Dot[], look: Partial<ScatterLook>): ChartTable {
  const { xTitle = 'x', yTitle = 'y', xNames = null, yNames = null, levelTitle = '' } = look
  const hasX = dots.some((d) => d.xLow != null)
  const hasY = dots.some((d) => d.yLow != null)
  const hasLevel = dots.some((d) => d.level != null)
  const word = (names: readonly string[] | null, value: number): string | number =>
    names === null ? value : (names[Math.round(value)] ?? '')
  return {
    head: [
      'Name',
      xTitle,
      ...(hasX ? [`${xTitle}, low`, `${xTitle}, high`] : []),
      yTitle,
      ...(hasY ? [`${yTitle}, low`, `${yTitle}, high`] : []),
      ...(hasLevel ? [levelTitle] : []),
    ],
    rows: dots.map((d) => [
      d.label,
      word(xNames, d.x),
      ...(hasX ? [d.xLow ?? null, d.xHigh ?? null] : []),
      word(yNames, d.y),
      ...(hasY ? [d.yLow ?? null, d.yHigh ?? null] : []),
      ...(hasLevel ? [d.level ?? null] : []),
    ]),
  }
}
