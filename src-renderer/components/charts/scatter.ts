import { formatTick } from '../../format/number.ts'
import type { ChartTable } from './chart-table.ts'
import { niceTicks } from './nice-ticks.ts'
import type { Palette } from './palette.ts'
import type { PictureText } from './svg-picture.ts'
import { escapeXml } from './svg-picture.ts'

/** One mark of a scatter plot. */
export interface Dot {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly label: string
  readonly token: string
  readonly marker?: string
}

/** Limits with a little air; the same for both axes where the identity line matters. */
export function limitsOf(
  dots: readonly Dot[],
  isSquare: boolean,
): { x: [number, number]; y: [number, number] } {
  const span = (values: readonly number[]): [number, number] => {
    const low = values.reduce((a, b) => Math.min(a, b), Infinity)
    const high = values.reduce((a, b) => Math.max(a, b), -Infinity)
    if (low > high) return [0, 1]
    const air = high > low ? 0.05 * (high - low) : Math.abs(low) * 0.05 || 0.5
    return [low - air, high + air]
  }
  if (isSquare) {
    const both = span(dots.flatMap((d) => [d.x, d.y]))
    return { x: both, y: both }
  }
  return { x: span(dots.map((d) => d.x)), y: span(dots.map((d) => d.y)) }
}

/** Spearman's rank correlation; null below three pairs or without variation. */
export function rankCorrelation(dots: readonly Dot[]): number | null {
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

export const dotTable = (dots: readonly Dot[], xTitle: string, yTitle: string): ChartTable => ({
  head: ['Name', xTitle, yTitle],
  rows: dots.map((d) => [d.label, d.x, d.y]),
})

const SIZE = 520
const LEFT = 64
const TOP = 36
const BOTTOM = 52
const RIGHT = 16

/** A scatter plot as a stand-alone SVG. */
export function dotSvg(dots: readonly Dot[], isSquare: boolean, text: PictureText, palette: Palette): string {
  const limits = limitsOf(dots, isSquare)
  const x = (v: number): number =>
    LEFT + ((v - limits.x[0]) / (limits.x[1] - limits.x[0])) * (SIZE - LEFT - RIGHT)
  const y = (v: number): number =>
    SIZE - BOTTOM - ((v - limits.y[0]) / (limits.y[1] - limits.y[0])) * (SIZE - TOP - BOTTOM)
  const vertical = niceTicks(limits.x, 6, false).map(
    (t) =>
      `<line x1="${x(t)}" x2="${x(t)}" y1="${TOP}" y2="${SIZE - BOTTOM}" stroke="${palette.line}"/><text x="${x(t)}" y="${SIZE - BOTTOM + 14}" text-anchor="middle" fill="${palette.muted}">${formatTick(t)}</text>`,
  )
  const horizontal = niceTicks(limits.y, 6, false).map(
    (t) =>
      `<line x1="${LEFT}" x2="${SIZE - RIGHT}" y1="${y(t)}" y2="${y(t)}" stroke="${palette.line}"/><text x="${LEFT - 6}" y="${y(t) + 4}" text-anchor="end" fill="${palette.muted}">${formatTick(t)}</text>`,
  )
  const identity = isSquare
    ? `<line x1="${x(limits.x[0])}" y1="${y(limits.x[0])}" x2="${x(limits.x[1])}" y2="${y(limits.x[1])}" stroke="${palette.muted}" stroke-dasharray="4 3"/>`
    : ''
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" font-family="Helvetica, Arial, sans-serif" font-size="11">`,
    `<rect width="${SIZE}" height="${SIZE}" fill="${palette.surface}"/>`,
    `<text x="${LEFT}" y="20" font-size="14" font-weight="600" fill="${palette.text}">${escapeXml(text.title)}</text>`,
    ...vertical,
    ...horizontal,
    identity,
    ...dots.map(
      (d) =>
        `<circle cx="${x(d.x).toFixed(1)}" cy="${y(d.y).toFixed(1)}" r="3.5" fill="${palette.token(d.token)}" fill-opacity="0.75"><title>${escapeXml(d.label)}</title></circle>`,
    ),
    `<text x="${(LEFT + SIZE - RIGHT) / 2}" y="${SIZE - 14}" text-anchor="middle" fill="${palette.text}">${escapeXml(text.xTitle)}</text>`,
    `<text transform="translate(14 ${(TOP + SIZE - BOTTOM) / 2}) rotate(-90)" text-anchor="middle" fill="${palette.text}">${escapeXml(text.yTitle)}</text>`,
    '</svg>',
  ].join('\n')
}
