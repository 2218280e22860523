import type { Chart, Plugin } from 'chart.js'
import type { CellColour } from './colour-map.ts'
import type { Palette } from './palette.ts'

/** Cells of a matrix as its chart draws them beyond what the matrix controller does. */
export interface CellPicture {
  readonly rows: number
  readonly columns: number
  readonly colourAt: (row: number, column: number) => CellColour | null
  readonly textAt: (row: number, column: number) => string
  /** Cells whose value says nothing, drawn with stripes; none where absent. */
  readonly isHatched?: (row: number, column: number) => boolean
  /** Too many for one element each: all cells become one image. */
  readonly isImage: boolean
}

interface Painted {
  readonly cells?: CellPicture
  readonly palette?: Palette
}

const LEAST_HEIGHT = 15
const PADDING = 6
const images = new WeakMap<CellPicture, HTMLCanvasElement>()

/** Draws the cells of very large matrices as one image, and the values into cells that are large enough. */
export const cellPainter: Plugin = {
  id: 'cells',
  beforeDatasetsDraw: (chart) => {
    const { cells } = (chart.data.datasets[0] ?? {}) as Painted
    if (cells?.isImage !== true) return
    const { ctx, chartArea: a } = chart
    ctx.save()
    ctx.imageSmoothingEnabled = false
    ctx.drawImage(imageOf(cells), a.left, a.top, a.right - a.left, a.bottom - a.top)
    ctx.restore()
  },
  afterDatasetsDraw: (chart) => {
    const { cells, palette } = (chart.data.datasets[0] ?? {}) as Painted
    if (cells === undefined || palette === undefined || cells.isImage) return
    drawStripes(chart, cells, palette)
    drawTexts(chart, cells, palette)
  },
}

function imageOf(cells: CellPicture): HTMLCanvasElement {
  const known = images.get(cells)
  if (known !== undefined) return known
  const canvas = document.createElement('canvas')
  canvas.width = cells.columns
  canvas.height = cells.rows
  const context = canvas.getContext('2d')
  const image = context?.createImageData(cells.columns, cells.rows)
  if (context && image) {
    for (let i = 0; i < cells.rows * cells.columns; i++) {
      const colour = cells.colourAt(Math.floor(i / cells.columns), i % cells.columns)
      if (colour !== null) image.data.set([...colour.rgb, 255], 4 * i)
    }
    context.putImageData(image, 0, 0)
  }
  images.set(cells, canvas)
  return canvas
}

/** Pixels between stripes. */
const STRIPE = 7

/** Oblique lines in the colour of the cell's text, faint enough to read a number through them. */
function drawStripes({ ctx, chartArea: a }: Chart, cells: CellPicture, palette: Palette): void {
  const width = (a.right - a.left) / cells.columns
  const height = (a.bottom - a.top) / cells.rows
  for (let i = 0; i < cells.rows * cells.columns; i++) {
    const [row, column] = [Math.floor(i / cells.columns), i % cells.columns]
    if (cells.isHatched?.(row, column) !== true) continue
    const [left, top] = [a.left + column * width, a.top + row * height]
    ctx.save()
    ctx.beginPath()
    ctx.rect(left, top, width, height)
    ctx.clip()
    ctx.globalAlpha = 0.45
    ctx.strokeStyle = cells.colourAt(row, column)?.text ?? palette.muted
    ctx.beginPath()
    for (let x = left - height; x < left + width; x += STRIPE) {
      ctx.moveTo(x, top + height)
      ctx.lineTo(x + height, top)
    }
    ctx.stroke()
    ctx.restore()
  }
}

/** All texts or none: half a matrix with numbers would look like half a measurement. */
function drawTexts({ ctx, chartArea: a }: Chart, cells: CellPicture, palette: Palette): void {
  const width = (a.right - a.left) / cells.columns
  const height = (a.bottom - a.top) / cells.rows
  ctx.save()
  ctx.font = `11px ${palette.font}`
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  const texts = Array.from({ length: cells.rows * cells.columns }, (_, i) =>
    cells.textAt(Math.floor(i / cells.columns), i % cells.columns),
  )
  const widest = texts.reduce((w, t) => Math.max(w, ctx.measureText(t).width), 0)
  if (height >= LEAST_HEIGHT && widest + PADDING <= width) {
    for (const [i, text] of texts.entries()) {
      const [row, column] = [Math.floor(i / cells.columns), i % cells.columns]
      ctx.fillStyle = cells.colourAt(row, column)?.text ?? palette.muted
      ctx.fillText(text, a.left + (column + 0.5) * width, a.top + (row + 0.5) * height)
    }
  }
  ctx.restore()
}
