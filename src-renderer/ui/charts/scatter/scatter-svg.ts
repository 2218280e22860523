import { formatTick } from '../../../format/number.ts'
import { colourStops, sequential } from '../frame/colour-map.ts'
import { niceTicks } from '../frame/nice-ticks.ts'
import type { Palette } from '../frame/palette.ts'
import type { Dot, Guide, Limits, ScatterLook } from './scatter.ts'
import { levelRange, limitsOf } from './scatter.ts'
import type { PlotBox, Scale } from '../frame/svg-axes.ts'
import { axesSvg, escapeXml, fix, openSvg, scaleOf } from '../frame/svg-axes.ts'

const WIDTH = 620
const HEIGHT = 540
const ROW = 26
const TOP = 36
const BOTTOM = 56
const LEGEND = 74
const CHARACTER = 6.2

/** A scatter plot as a stand-alone SVG, with error bars, guides and the scale of the colours. */
export function dotSvg(
  dots: readonly Dot[],
  look: ScatterLook,
  text: { title: string; note: string },
  palette: Palette,
): string {
  const limits = limitsOf(dots, look)
  const levels = levelRange(dots)
  const height = look.yNames === null ? HEIGHT : TOP + BOTTOM + ROW * Math.max(4, look.yNames.length)
  const longest = Math.max(0, ...(look.yNames ?? []).map((n) => n.length))
  const box: PlotBox = {
    left: Math.max(64, 30 + longest * CHARACTER),
    right: WIDTH - (levels === null ? 16 : LEGEND),
    top: TOP,
    bottom: height - BOTTOM,
  }
  const x = scaleOf(limits.x, box.left, box.right, look.xLog)
  const y =
    look.yNames === null
      ? scaleOf(limits.y, box.bottom, box.top, look.yLog)
      : scaleOf(limits.y, box.top, box.bottom, false)
  const up = look.yNames === null ? limits.y : ([limits.y[1], limits.y[0]] as [number, number])
  return [
    ...openSvg(WIDTH, height, box.left, text.title, palette),
    ...axesSvg(
      box,
      { range: limits.x, title: look.xTitle, isLog: look.xLog, names: look.xNames },
      { range: up, title: look.yTitle, isLog: look.yLog, names: look.yNames },
      palette,
    ),
    ...(look.identity
      ? [lineOf([limits.x[0], limits.x[0]], [limits.x[1], limits.x[1]], x, y, palette.muted)]
      : []),
    ...look.guides.map((g) => guideSvg(g, limits, x, y, box, palette)),
    ...dots.map((d) => dotOf(d, x, y, levels, palette)),
    ...(levels === null ? [] : scaleSvg(levels, look.levelTitle, box, palette)),
    `<text x="${box.left}" y="${height - 6}" fill="${palette.muted}">${escapeXml(text.note)}</text>`,
    '</svg>',
  ].join('\n')
}

const lineOf = (
  a: readonly [number, number],
  b: readonly [number, number],
  x: Scale,
  y: Scale,
  colour: string,
): string =>
  `<line x1="${fix(x(a[0]))}" y1="${fix(y(a[1]))}" x2="${fix(x(b[0]))}" y2="${fix(y(b[1]))}" stroke="${colour}" stroke-dasharray="4 3"/>`

function guideSvg(g: Guide, limits: Limits, x: Scale, y: Scale, box: PlotBox, palette: Palette): string {
  const colour = g.token === undefined ? palette.muted : palette.token(g.token)
  const label = (at: number, top: number): string =>
    `<text x="${fix(at)}" y="${fix(top)}" text-anchor="end" fill="${palette.muted}">${escapeXml(g.label)}</text>`
  if (g.kind === 'slope') {
    const [from, to] = slopeEnds(g.slope, limits)
    return lineOf(from, to, x, y, colour) + label(x(to[0]) - 4, y(to[1]) + 12)
  }
  if (g.kind === 'x')
    return lineOf([g.at, limits.y[0]], [g.at, limits.y[1]], x, y, colour) + label(x(g.at) - 4, box.top + 12)
  return lineOf([limits.x[0], g.at], [limits.x[1], g.at], x, y, colour) + label(box.right - 4, y(g.at) - 4)
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

function dotOf(
  d: Dot,
  x: Scale,
  y: Scale,
  levels: readonly [number, number] | null,
  palette: Palette,
): string {
  const colour =
    d.level == null || levels === null ? palette.token(d.token) : sequential(d.level, ...levels).background
  const bars = [
    d.xLow == null || d.xHigh == null
      ? ''
      : `<line x1="${fix(x(d.xLow))}" x2="${fix(x(d.xHigh))}" y1="${fix(y(d.y))}" y2="${fix(y(d.y))}" stroke="${colour}" stroke-width="1.5"/>`,
    d.yLow == null || d.yHigh == null
      ? ''
      : `<line x1="${fix(x(d.x))}" x2="${fix(x(d.x))}" y1="${fix(y(d.yLow))}" y2="${fix(y(d.yHigh))}" stroke="${colour}" stroke-width="1.5"/>`,
  ].join('')
  const [radius, opacity] = d.isFaint === true ? [2.5, 0.4] : [3.5, 0.8]
  return `${bars}<circle cx="${fix(x(d.x))}" cy="${fix(y(d.y))}" r="${radius}" fill="${colour}" fill-opacity="${opacity}"><title>${escapeXml(d.label)}</title></circle>`
}

/** The colours of the levels as a column to the right of the plot. */
function scaleSvg(
  levels: readonly [number, number],
  title: string,
  box: PlotBox,
  palette: Palette,
): string[] {
  const left = box.right + 14
  const y = scaleOf(levels, box.bottom, box.top, false)
  const stops = colourStops((v) => sequential(v, ...levels), levels)
  return [
    `<defs><linearGradient id="levels" x1="0" y1="1" x2="0" y2="0">${stops.map((s) => `<stop offset="${s.at}" stop-color="${s.colour}"/>`).join('')}</linearGradient></defs>`,
    `<rect x="${left}" y="${box.top}" width="10" height="${box.bottom - box.top}" fill="url(#levels)"/>`,
    ...niceTicks(levels, 5, false).map(
      (t) => `<text x="${left + 14}" y="${fix(y(t) + 4)}" fill="${palette.muted}">${formatTick(t)}</text>`,
    ),
    `<text transform="translate(${left + 54} ${(box.top + box.bottom) / 2}) rotate(-90)" text-anchor="middle" fill="${palette.text}">${escapeXml(title)}</text>`,
  ]
}
