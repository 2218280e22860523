import { formatTick } from '../../../format/number.ts'
import { niceTicks } from '../../../ui/charts/frame/nice-ticks.ts'
import type { Palette } from '../../../ui/charts/frame/palette.ts'
import { escapeXml } from '../../../ui/charts/frame/svg-axes.ts'

const SIZE = 480
const LEFT = 60
const RIGHT = 14
const TOP = 36
const BOTTOM = 50

/** Units of two runs on equal axes with the identity line, as a stand-alone SVG for paper. */
export function unitSvg(
  units: readonly { readonly x: number; readonly y: number; readonly label: string }[],
  text: { readonly title: string; readonly x: string; readonly y: string },
  palette: Palette,
): string {
  const values = units.flatMap((u) => [u.x, u.y])
  const low = Math.min(...values)
  const high = Math.max(...values)
  const air = 0.05 * (high - low) || 0.5
  const [from, to] = [low - air, high + air]
  const x = (v: number): number => LEFT + ((v - from) / (to - from)) * (SIZE - LEFT - RIGHT)
  const y = (v: number): number => SIZE - BOTTOM - ((v - from) / (to - from)) * (SIZE - TOP - BOTTOM)
  const fix = (n: number): string => n.toFixed(1)
  const grid = niceTicks([from, to], 6, false).map(
    (t) =>
      `<line x1="${fix(x(t))}" x2="${fix(x(t))}" y1="${TOP}" y2="${SIZE - BOTTOM}" stroke="${palette.line}"/>` +
      `<line x1="${LEFT}" x2="${SIZE - RIGHT}" y1="${fix(y(t))}" y2="${fix(y(t))}" stroke="${palette.line}"/>` +
      `<text x="${fix(x(t))}" y="${SIZE - BOTTOM + 14}" text-anchor="middle" fill="${palette.muted}">${formatTick(t)}</text>` +
      `<text x="${LEFT - 6}" y="${fix(y(t) + 4)}" text-anchor="end" fill="${palette.muted}">${formatTick(t)}</text>`,
  )
  const dots = units.map(
    (u) =>
      `<circle cx="${fix(x(u.x))}" cy="${fix(y(u.y))}" r="3" fill="${palette.token('--c0')}" fill-opacity="0.7"><title>${escapeXml(u.label)}</title></circle>`,
  )
  const middle = (TOP + SIZE - BOTTOM) / 2
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" font-family="Helvetica, Arial, sans-serif" font-size="11">`,
    `<rect width="${SIZE}" height="${SIZE}" fill="${palette.surface}"/>`,
    `<text x="${LEFT}" y="20" font-size="14" font-weight="600" fill="${palette.text}">${escapeXml(text.title)}</text>`,
    ...grid,
    `<line x1="${fix(x(from))}" y1="${fix(y(from))}" x2="${fix(x(to))}" y2="${fix(y(to))}" stroke="${palette.muted}" stroke-dasharray="4 3"/>`,
    ...dots,
    `<text x="${(LEFT + SIZE - RIGHT) / 2}" y="${SIZE - 14}" text-anchor="middle" fill="${palette.text}">${escapeXml(text.x)}</text>`,
    `<text transform="translate(14 ${middle}) rotate(-90)" text-anchor="middle" fill="${palette.text}">${escapeXml(text.y)}</text>`,
    '</svg>',
  ].join('\n')
}
