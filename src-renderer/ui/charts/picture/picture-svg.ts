import { escapeXml } from '../../../format/escape-xml.ts'
import { markerPath, shapeOf } from '../../../format/marker-path.ts'
import type { Marker } from '../../../format/series-style.ts'
import type { Palette } from '../frame/palette.ts'
import type { Measure } from './svg-context.ts'

/** What a picture says around its drawing, and the size of the drawing in pixels; the picture grows by legend and note. */
export interface PictureFrame {
  readonly title: string
  readonly note: string
  readonly width: number
  readonly height: number
}

/** One line of a chart with its name. */
export interface LegendEntry {
  readonly label: string
  readonly colour: string
  readonly dash: readonly number[]
  readonly marker: Marker | null
}

const TOP = 36
const SIDE = 12
const ROW = 16
const SIZE = 11
const KEY = 40
const MARKER_RADIUS = 4

/** A stand-alone SVG: title, drawing, legend and note, one beneath the other. */
export function pictureSvg(
  drawing: string,
  frame: PictureFrame,
  entries: readonly LegendEntry[],
  palette: Palette,
  measure: Measure = measureText,
): string {
  const fit = (text: string, width: number): string[] =>
    wrap(text, width, (t) => measure(t, `${SIZE}px ${palette.font}`))
  const legend = legendOf(entries, frame.width, palette, fit)
  const note = fit(frame.note, frame.width - 2 * SIDE)
  const legendTop = TOP + frame.height + ROW
  const height = legendTop + legend.height + ROW * note.length
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${height}" font-family="${escapeXml(palette.font)}" font-size="${SIZE}">`,
    `<rect width="${frame.width}" height="${height}" fill="${palette.surface}"/>`,
    `<text x="${SIDE}" y="22" font-size="14" font-weight="600" fill="${palette.text}">${escapeXml(frame.title)}</text>`,
    `<g transform="translate(0 ${TOP})">\n${drawing}\n</g>`,
    `<g transform="translate(0 ${legendTop})">${legend.svg}</g>`,
    ...note.map(
      (line, i) =>
        `<text x="${SIDE}" y="${legendTop + legend.height + ROW * i}" fill="${palette.muted}">${escapeXml(line)}</text>`,
    ),
    '</svg>',
  ].join('\n')
}

/** Two entries in a row where their names fit, else one. */
function legendOf(
  entries: readonly LegendEntry[],
  width: number,
  palette: Palette,
  fit: (text: string, width: number) => string[],
): { svg: string; height: number } {
  const half = width / 2 - SIDE - KEY
  const columns = entries.every((e) => fit(e.label, half).length === 1) ? 2 : 1
  let y = 0
  const drawn = entries.map((entry, i) => {
    const { label } = entry
    const left = SIDE + (i % columns) * (width / 2)
    const lines = fit(label, columns === 2 ? half : width - 2 * SIDE - KEY)
    const key = keySvg(entry, left, y - 4, palette)
    const texts = lines.map(
      (line, k) =>
        `<text x="${left + KEY}" y="${y + ROW * k}" fill="${palette.text}">${escapeXml(line)}</text>`,
    )
    if (i % columns === columns - 1 || i === entries.length - 1) y += ROW * lines.length
    return key + texts.join('')
  })
  return { svg: drawn.join('\n'), height: y }
}

/** How a line is drawn, as a small picture of its own: hue, dash and marker. */
export const markSvg = (entry: Omit<LegendEntry, 'label'>, palette: Palette): string =>
  `<svg class="mark" viewBox="0 0 ${KEY} 12" width="${KEY}" height="12" aria-hidden="true">${keySvg(entry, 0, 6, palette)}</svg>`

/** A piece of the line with its marker; `y` is its middle. */
function keySvg(
  { colour, dash, marker }: Omit<LegendEntry, 'label'>,
  left: number,
  y: number,
  palette: Palette,
): string {
  const right = left + KEY - 6
  const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(' ')}"`
  const line = `<line x1="${left}" x2="${right}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"${dashes}/>`
  if (marker === null) return line
  const fill = shapeOf(marker).isOpen ? palette.surface : colour
  const path = markerPath(marker, (left + right) / 2, y, MARKER_RADIUS)
  return `${line}<path d="${path}" fill="${fill}" stroke="${colour}" stroke-width="1.5"/>`
}

/** A text in lines that fit a width, cut between words; a longer word has a line of its own. */
function wrap(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ').filter((w) => w !== '')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    if (lines.length > 0 && measure(longer) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

let ruler: CanvasRenderingContext2D | null = null

/** Width of a text in this window, in pixels. */
export function measureText(text: string, font: string): number {
  ruler ??= document.createElement('canvas').getContext('2d')
  if (ruler === null) throw new Error('this window cannot measure text: it has no canvas')
  ruler.font = font
  return ruler.measureText(text).width
}
