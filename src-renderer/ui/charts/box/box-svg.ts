import type { Group } from './box-groups.ts'
import { boxStats, densityOf, jitterOf } from '../statistics/box-stats.ts'
import type { Palette } from '../frame/palette.ts'
import { axesSvg, escapeXml, fix, openSvg, scaleOf } from '../frame/svg-axes.ts'

const WIDTH = 720
const ROW = 46
const TOP = 36
const BOTTOM = 60
const CHARACTER = 6.2
const HALF = 0.32

export interface BoxLook {
  readonly valueTitle: string
  readonly range: readonly [number, number]
  readonly isViolin: boolean
  readonly hasPoints: boolean
}

/** Box plots or violins as a stand-alone SVG, one row per group. */
export function boxSvg(
  groups: readonly Group[],
  look: BoxLook,
  text: { title: string; note: string },
  palette: Palette,
): string {
  const height = TOP + BOTTOM + ROW * groups.length
  const longest = Math.max(0, ...groups.map((g) => g.label.length))
  const box = {
    left: Math.max(64, 30 + longest * CHARACTER),
    right: WIDTH - 16,
    top: TOP,
    bottom: height - BOTTOM,
  }
  const rows: [number, number] = [groups.length - 0.5, -0.5]
  const x = scaleOf(look.range, box.left, box.right, false)
  const y = scaleOf(rows, box.bottom, box.top, false)
  return [
    ...openSvg(WIDTH, height, box.left, text.title, palette),
    ...axesSvg(
      box,
      { range: look.range, title: look.valueTitle },
      { range: rows, title: '', names: groups.map((g) => g.label) },
      palette,
    ),
    ...groups.map((g, i) => groupSvg(g, i, look, x, y, palette)),
    `<text x="${box.left}" y="${height - 6}" fill="${palette.muted}">${escapeXml(text.note)}</text>`,
    '</svg>',
  ].join('\n')
}

function groupSvg(
  g: Group,
  i: number,
  look: BoxLook,
  x: (v: number) => number,
  y: (v: number) => number,
  palette: Palette,
): string {
  const stats = boxStats(g.values)
  if (stats === null) return ''
  const colour = palette.token(g.token)
  const points = look.hasPoints
    ? g.values
        .map(
          (v, k) =>
            `<circle cx="${fix(x(v))}" cy="${fix(y(i + 2 * HALF * jitterOf(k)))}" r="2" fill="${colour}" fill-opacity="0.5"/>`,
        )
        .join('')
    : ''
  const [top, bottom] = [y(i - HALF), y(i + HALF)]
  const line = (x1: number, x2: number, y1: number, y2: number, width = 1.2): string =>
    `<line x1="${fix(x1)}" x2="${fix(x2)}" y1="${fix(y1)}" y2="${fix(y2)}" stroke="${palette.text}" stroke-width="${width}"/>`
  const median = line(x(stats.median), x(stats.median), top, bottom, 2)
  if (look.isViolin) return violin(g, i, colour, x, y) + points + median
  return [
    points,
    `<rect x="${fix(x(stats.q1))}" y="${fix(top)}" width="${fix(x(stats.q3) - x(stats.q1))}" height="${fix(bottom - top)}" fill="${colour}" fill-opacity="0.25" stroke="${palette.text}"/>`,
    median,
    line(x(stats.whiskerMin), x(stats.q1), y(i), y(i)),
    line(x(stats.q3), x(stats.whiskerMax), y(i), y(i)),
    line(x(stats.whiskerMin), x(stats.whiskerMin), y(i - HALF / 2), y(i + HALF / 2)),
    line(x(stats.whiskerMax), x(stats.whiskerMax), y(i - HALF / 2), y(i + HALF / 2)),
  ].join('')
}

function violin(
  g: Group,
  i: number,
  colour: string,
  x: (v: number) => number,
  y: (v: number) => number,
): string {
  const density = densityOf(g.values)
  const most = density.reduce((m, d) => Math.max(m, d.estimate), 0)
  const edge = (side: 1 | -1): string[] =>
    density.map((d) => `${fix(x(d.v))} ${fix(y(i + (side * HALF * d.estimate) / most))}`)
  return `<path d="M${[...edge(-1), ...edge(1).reverse()].join('L')}Z" fill="${colour}" fill-opacity="0.3" stroke="${colour}"/>`
}
