import { formatTick } from '../../../format/number.ts'
import type { CellColour } from '../frame/colour-map.ts'
import { colourStops } from '../frame/colour-map.ts'
import { niceTicks } from '../frame/nice-ticks.ts'
import { escapeXml, fix, scaleOf } from '../frame/svg-axes.ts'

const CELL_W = 52
const CELL_H = 24
const LEFT = 140
const TOP = 64
/** From this many columns on cells are small squares without numbers; the CSV has them. */
const MANY = 40
const SMALL = 6
/** Names closer than this overlap. */
const NAME_PX = 12
/** Room for the scale of the colours. */
const SCALE = 84

/** A heat map as a stand-alone SVG; light background, as it goes on paper. */
export function heatSvg(
  title: string,
  rows: readonly string[],
  columns: readonly string[],
  values: readonly (readonly (number | null)[])[],
  columnTitle: string,
  colour: (value: number) => CellColour,
  text: (value: number | null) => string,
  scale: {
    readonly range: readonly [number, number]
    readonly title: string
    readonly isHatched?: (row: number, column: number) => boolean
  } | null = null,
): string {
  const isSmall = columns.length > MANY
  const [w, h] = isSmall ? [SMALL, SMALL] : [CELL_W, CELL_H]
  const gap = isSmall ? 0 : 1
  const every = Math.max(1, Math.ceil(NAME_PX / h))
  const width = Math.max(420, LEFT + columns.length * w + (scale === null ? 12 : SCALE))
  const height = TOP + rows.length * h + 12
  const heads = isSmall
    ? []
    : columns.map(
        (c, j) =>
          `<text x="${LEFT + (j + 0.5) * w}" y="${TOP - 8}" text-anchor="middle" fill="#444">${escapeXml(c)}</text>`,
      )
  const names = rows.map((r, i) =>
    i % every === 0
      ? `<text x="${LEFT - 8}" y="${TOP + (i + 0.5) * h + 4}" text-anchor="end" fill="#222">${escapeXml(r)}</text>`
      : '',
  )
  const cells = rows.flatMap((_, i) =>
    columns.map((_c, j) => {
      const v = values[i]?.[j] ?? null
      if (v === null) return ''
      const { background, text: ink } = colour(v)
      const x = LEFT + j * w
      const y = TOP + i * h
      const number = isSmall
        ? ''
        : `<text x="${x + w / 2}" y="${y + h / 2 + 4}" text-anchor="middle" fill="${ink}">${escapeXml(text(v))}</text>`
      return `<rect x="${x + gap}" y="${y + gap}" width="${w - 2 * gap}" height="${h - 2 * gap}" fill="${background}"/>${scale?.isHatched?.(i, j) === true ? stripes(x + gap, y + gap, w - 2 * gap, h - 2 * gap, ink) : ''}${number}`
    }),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="12" y="20" font-size="14" font-weight="600" fill="#111">${escapeXml(title)}</text>`,
    `<text x="${LEFT + (columns.length * w) / 2}" y="${TOP - 24}" text-anchor="middle" fill="#444">${escapeXml(columnTitle)}</text>`,
    ...heads,
    ...names,
    ...cells,
    ...(scale === null
      ? []
      : scaleSvg(colour, scale, { left: LEFT + columns.length * w + 12, top: TOP, height: rows.length * h })),
    '</svg>',
  ].join('\n')
}

const STRIPE = 7

/** Oblique lines inside a cell, cut off at its ends. */
function stripes(left: number, top: number, width: number, height: number, ink: string): string {
  const lines: string[] = []
  for (let x = -height; x < width; x += STRIPE) {
    const [from, to] = [Math.max(0, x), Math.min(width, x + height)]
    lines.push(`M${left + from} ${top + height - (from - x)}L${left + to} ${top + height - (to - x)}`)
  }
  return `<path d="${lines.join('')}" stroke="${ink}" stroke-opacity="0.45" fill="none"/>`
}

function scaleSvg(
  colour: (value: number) => CellColour,
  { range, title }: { readonly range: readonly [number, number]; readonly title: string },
  { left, top, height }: { readonly left: number; readonly top: number; readonly height: number },
): string[] {
  const stops = colourStops(colour, range)
  const y = scaleOf(range, top + height, top, false)
  return [
    `<defs><linearGradient id="cells" x1="0" y1="1" x2="0" y2="0">${stops.map((s) => `<stop offset="${s.at}" stop-color="${s.colour}"/>`).join('')}</linearGradient></defs>`,
    `<rect x="${left}" y="${top}" width="10" height="${height}" fill="url(#cells)"/>`,
    ...niceTicks(range, 5, false).map(
      (t) => `<text x="${left + 14}" y="${fix(y(t) + 4)}" fill="#444">${formatTick(t)}</text>`,
    ),
    `<text transform="translate(${left + 62} ${top + height / 2}) rotate(-90)" text-anchor="middle" fill="#444">${escapeXml(title)}</text>`,
  ]
}
