import type { Palette } from '../frame/palette.ts'
import type { Point, Series } from '../frame/series.ts'
import { extentOf } from '../frame/series.ts'
import type { Scale } from '../frame/svg-axes.ts'
import { axesSvg, escapeXml, fix, openSvg, scaleOf } from '../frame/svg-axes.ts'

const WIDTH = 720
const HEIGHT = 440
const LEFT = 64
const RIGHT = 16
const TOP = 36
const BOTTOM = 52
const LEGEND_ROW = 16

export interface PictureText {
  readonly title: string
  readonly xTitle: string
  readonly yTitle: string
  readonly note: string
  readonly xLog?: boolean
  readonly yLog?: boolean
}

/** A line chart as a stand-alone SVG, with every given point, for print and for further editing. */
export function lineSvg(series: readonly Series[], text: PictureText, palette: Palette): string {
  const extent = extentOf(series) ?? { x: [0, 1], y: [0, 1] }
  const height = HEIGHT + LEGEND_ROW * Math.ceil(series.length / 2)
  const x = scaleOf(extent.x, LEFT, WIDTH - RIGHT, text.xLog === true)
  const y = scaleOf(extent.y, HEIGHT - BOTTOM, TOP, text.yLog === true)
  const lines = series.map((s) => pathOf(s.points, x, y, palette.token(s.token), 1.75, s.dash))
  const raw = series.map((s) =>
    s.raw === undefined ? '' : pathOf(s.raw, x, y, palette.token(s.token), 0.75, [], 0.3),
  )
  const bands = series.map((s) => bandOf(s, x, y, palette.token(s.token)))
  return [
    ...openSvg(WIDTH, height, LEFT, text.title, palette),
    ...axesSvg(
      { left: LEFT, right: WIDTH - RIGHT, top: TOP, bottom: HEIGHT - BOTTOM },
      { range: extent.x, title: text.xTitle, isLog: text.xLog === true, ticks: 7 },
      { range: extent.y, title: text.yTitle, isLog: text.yLog === true },
      palette,
    ),
    ...bands,
    ...raw,
    ...lines,
    ...series.map((s, i) => legendOf(s, i, palette)),
    text.note === ''
      ? ''
      : `<text x="${LEFT}" y="${HEIGHT - 4}" fill="${palette.muted}">${escapeXml(text.note)}</text>`,
    '</svg>',
  ].join('\n')
}

/** Missing values lift the pen. */
function commands(points: readonly Point[], x: Scale, y: Scale): string {
  let isDown = false
  return points
    .map((p) => {
      const at = p.y === null ? NaN : y(p.y)
      if (!Number.isFinite(at) || !Number.isFinite(x(p.x))) {
        isDown = false
        return ''
      }
      const letter = isDown ? 'L' : 'M'
      isDown = true
      return `${letter}${fix(x(p.x))} ${fix(at)}`
    })
    .join('')
}

function pathOf(
  points: readonly Point[],
  x: Scale,
  y: Scale,
  colour: string,
  width: number,
  dash: readonly number[],
  opacity = 1,
): string {
  const style = `${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''}${opacity < 1 ? ` opacity="${opacity}"` : ''}`
  return `<path d="${commands(points, x, y)}" fill="none" stroke="${colour}" stroke-width="${width}"${style}/>`
}

function bandOf(s: Series, x: Scale, y: Scale, colour: string): string {
  if (s.band === undefined) return ''
  const outline = commands([...s.band.high, ...s.band.low.toReversed()], x, y)
  return `<path d="${outline}Z" fill="${colour}" opacity="0.16"/>`
}

function legendOf(s: Series, i: number, palette: Palette): string {
  const left = LEFT + (i % 2) * 330
  const top = HEIGHT + LEGEND_ROW * Math.floor(i / 2) + 8
  const dash = s.dash.length > 0 ? ` stroke-dasharray="${s.dash.join(' ')}"` : ''
  return `<line x1="${left}" x2="${left + 22}" y1="${top - 4}" y2="${top - 4}" stroke="${palette.token(s.token)}" stroke-width="2"${dash}/><text x="${left + 28}" y="${top}" fill="${palette.text}">${escapeXml(s.label)}</text>`
}
