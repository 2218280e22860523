import type { ChartConfiguration } from 'chart.js'
import { BASE_OPTIONS } from '../frame/base-options.ts'
import { axisOptions } from '../frame/axis-options.ts'
import type { CellPicture } from '../frame/cell-painter.ts'
import type { ColourScale } from '../frame/colour-scale-painter.ts'
import { SCALE_ROOM } from '../frame/colour-scale-painter.ts'
import type { Palette } from '../frame/palette.ts'

/** One element per cell up to here; a resize of 40,000 elements blocks for half a second. */
const MOST_ELEMENTS = 2500
const GAP = 2
/** Degrees: long names of narrow columns lean rather than go missing. */
const STEEPEST = 50
/** Up to here every row and column is named. */
const MOST_NAMES = 40
const LONGEST = 32
const clip = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text)

export interface MatrixLook {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  readonly rowTitle: string
  readonly columnTitle: string
  readonly cells: CellPicture
  readonly scale: ColourScale
}

/** Size of a picture in a file: cells with room for a number, small ones where they are many. */
export function matrixSize({ rows, columns }: MatrixLook) {
  const [width, height] = columns.length > MOST_NAMES ? [6, 6] : [52, 24]
  return {
    width: Math.max(420, 140 + width * columns.length + SCALE_ROOM),
    height: Math.max(160, 64 + height * rows.length),
  }
}

export const isImage = (rows: number, columns: number): boolean => rows * columns > MOST_ELEMENTS

interface Cell {
  readonly x: number
  readonly y: number
}
type Config = ChartConfiguration<'matrix', Cell[]>

/** A matrix with names on both axes, first row on top, the columns named above it. */
export function matrixConfig(look: MatrixLook, palette: Palette): Config {
  const { rows, columns, cells } = look
  const colours: string[] = []
  const data: Cell[] = []
  if (!cells.isImage) {
    rows.forEach((_, y) =>
      columns.forEach((_c, x) => {
        const colour = cells.colourAt(y, x)
        if (colour === null) return
        data.push({ x, y })
        colours.push(colour.background)
      }),
    )
  }
  const size =
    (side: 'width' | 'height', count: number) =>
    (context: { chart: { chartArea?: { width: number; height: number } } }) =>
      Math.max(1, (context.chart.chartArea?.[side] ?? 0) / count - GAP)
  const dataset = {
    data,
    backgroundColor: colours,
    borderRadius: 2,
    width: size('width', columns.length),
    height: size('height', rows.length),
    cells,
    colourScale: look.scale,
    palette,
  }
  return {
    type: 'matrix',
    data: { datasets: [dataset] },
    options: {
      ...BASE_OPTIONS,
      parsing: false,
      layout: { padding: { right: SCALE_ROOM } },
      scales: {
        x: { ...words(look.columnTitle, columns, palette), position: 'top' },
        y: { ...words(look.rowTitle, rows, palette), reverse: false },
      },
    },
  } as unknown as Config // Own painters read fields of the data set that the library's types do not know.
}

function words(title: string, labels: readonly string[], palette: Palette) {
  const base = axisOptions(title, palette)
  return {
    ...base,
    type: 'category' as const,
    labels: labels.map(clip),
    offset: true,
    grid: { display: false },
    border: { display: false },
    ticks: { ...base.ticks, autoSkipPadding: 6, autoSkip: labels.length > MOST_NAMES, maxRotation: STEEPEST },
  }
}
