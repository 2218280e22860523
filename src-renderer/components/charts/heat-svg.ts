import type { CellColour } from './colour-map.ts'
import { escapeXml } from './svg-picture.ts'

const CELL_W = 52
const CELL_H = 24
const LEFT = 140
const TOP = 64

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
  const width = LEFT + columns.length * CELL_W + 12
  const height = TOP + rows.length * CELL_H + 12
  const heads = columns.map(
    (c, j) =>
      `<text x="${LEFT + (j + 0.5) * CELL_W}" y="${TOP - 8}" text-anchor="middle" fill="#444">${escapeXml(c)}</text>`,
  )
  const names = rows.map(
    (r, i) =>
      `<text x="${LEFT - 8}" y="${TOP + (i + 0.5) * CELL_H + 4}" text-anchor="end" fill="#222">${escapeXml(r)}</text>`,
  )
  const cells = rows.flatMap((_, i) =>
    columns.map((_c, j) => {
      const v = values[i]?.[j] ?? null
      if (v === null) return ''
      const { background, text: ink } = colour(v)
      const x = LEFT + j * CELL_W
      const y = TOP + i * CELL_H
      return `<rect x="${x + 1}" y="${y + 1}" width="${CELL_W - 2}" height="${CELL_H - 2}" fill="${background}"/><text x="${x + CELL_W / 2}" y="${y + CELL_H / 2 + 4}" text-anchor="middle" fill="${ink}">${escapeXml(text(v))}</text>`
    }),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="12" y="20" font-size="14" font-weight="600" fill="#111">${escapeXml(title)}</text>`,
    `<text x="${LEFT + (columns.length * CELL_W) / 2}" y="${TOP - 24}" text-anchor="middle" fill="#444">${escapeXml(columnTitle)}</text>`,
    ...heads,
    ...names,
    ...cells,
    '</svg>',
  ].join('\n')
}
