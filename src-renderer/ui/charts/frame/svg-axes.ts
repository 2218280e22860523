import { formatTick } from '../../../format/number.ts'
import { niceTicks } from './nice-ticks.ts'
import type { Palette } from './palette.ts'

/** Edges of the plot in pixels of the drawing. */
export interface PlotBox {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface SvgAxis {
  readonly range: readonly [number, number]
  readonly title: string
  readonly isLog?: boolean
  /** Words at 0, 1, 2 ... instead of numbers. */
  readonly names?: readonly string[] | null
  readonly ticks?: number
}

export type Scale = (value: number) => number

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Pixels of a value on an axis whose ends lie at two places. */
export function scaleOf(
  [low, high]: readonly [number, number],
  from: number,
  to: number,
  isLog: boolean,
): Scale {
  const f = isLog ? Math.log10 : (v: number) => v
  const span = f(high) - f(low)
  return (value) => from + ((f(value) - f(low)) / (span === 0 ? 1 : span)) * (to - from)
}

export const fix = (n: number): string => n.toFixed(2)

/** Start of a stand-alone picture: ground and title. */
export const openSvg = (
  width: number,
  height: number,
  left: number,
  title: string,
  palette: Palette,
): string[] => [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="11">`,
  `<rect width="${width}" height="${height}" fill="${palette.surface}"/>`,
  `<text x="${left}" y="20" font-size="14" font-weight="600" fill="${palette.text}">${escapeXml(title)}</text>`,
]

/** Grid, ticks and titles of both axes. */
export function axesSvg(box: PlotBox, across: SvgAxis, up: SvgAxis, palette: Palette): string[] {
  const x = scaleOf(across.range, box.left, box.right, across.isLog === true)
  const y = scaleOf(up.range, box.bottom, box.top, up.isLog === true)
  return [
    ...ticksOf(across).map(
      ({ at, text }) =>
        `<line x1="${fix(x(at))}" x2="${fix(x(at))}" y1="${box.top}" y2="${box.bottom}" stroke="${palette.line}"/><text x="${fix(x(at))}" y="${box.bottom + 14}" text-anchor="middle" fill="${palette.muted}">${text}</text>`,
    ),
    ...ticksOf(up).map(
      ({ at, text }) =>
        `<line x1="${box.left}" x2="${box.right}" y1="${fix(y(at))}" y2="${fix(y(at))}" stroke="${palette.line}"/><text x="${box.left - 6}" y="${fix(y(at) + 4)}" text-anchor="end" fill="${palette.muted}">${text}</text>`,
    ),
    `<text x="${(box.left + box.right) / 2}" y="${box.bottom + 34}" text-anchor="middle" fill="${palette.text}">${escapeXml(across.title)}</text>`,
    `<text transform="translate(14 ${(box.top + box.bottom) / 2}) rotate(-90)" text-anchor="middle" fill="${palette.text}">${escapeXml(up.title)}</text>`,
  ]
}

function ticksOf({ range, names = null, isLog = false, ticks = 6 }: SvgAxis): { at: number; text: string }[] {
  if (names !== null) return names.map((name, at) => ({ at, text: escapeXml(name) }))
  return niceTicks(range, ticks, isLog).map((at) => ({ at, text: formatTick(at) }))
}
