import type { CellColour } from './colour-map.ts'
import { escapeXml } from './svg-axes.ts'

const CELL_W = 52
const CELL_H = 24
const LEFT = 140
const TOP = 64
/** From this many columns on cells are small squares without numbers; the CSV has them. */
const MANY = 40
const SMALL = 6
/** Names closer than this overlap. */
const NAME_PX = 12

/** A heat map as a stand-alone SVG; light background, as it goes on paper. */
export function heatSvg(
  title: string,
  rows: readonly string[],
  columns: readonly string[],
  values: readonly (readonly (number | null)[])[],
  columnTitle: string,
  colour: (value: number) => CellColour,
  text: (value: number | null) => string,
): string {
  const isSmall = columns.length > MANY
  const [w, h] = isSmall ? [SMALL, SMALL] : [CELL_W, CELL_H]
  const gap = isSmall ? 0 : 1
  const every = Math.max(1, Math.ceil(NAME_PX / h))
  const width = Math.max(420, LEFT + columns.length * w + 12)
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
      return `<rect x="${x + gap}" y="${y + gap}" width="${w - 2 * gap}" height="${h - 2 * gap}" fill="${background}"/>${number}`
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
    '</svg>',
  ].join('\n')
}
