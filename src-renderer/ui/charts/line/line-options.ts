import type {} from 'chartjs-plugin-zoom'
import type { Chart, ChartConfiguration, ChartOptions } from 'chart.js'
import { BASE_OPTIONS } from '../frame/base-options.ts'
import { numberAxis } from '../frame/axis-options.ts'
import type { Palette } from '../frame/palette.ts'
import { withAlpha } from '../frame/palette.ts'
import type { Clip } from './clip-range.ts'
import { lineDatasets } from './line-datasets.ts'
import { MARK_STRIP } from '../frame/mark-painter.ts'
import type { Mark, Point, Series } from '../frame/series.ts'

export interface LineLook {
  readonly xTitle: string
  readonly yTitle: string
  readonly xLog: boolean
  readonly yLog: boolean
  readonly marks: readonly Mark[]
  readonly clip: Clip | null
  readonly range: readonly [number, number] | null
  readonly onZoom: (range: readonly [number, number]) => void
}

/** Size of a picture of lines in a file. */
export const LINE_SIZE = { width: 720, height: 400 }

/** The chart of lines, on the screen and in files. */
export function lineConfig(
  series: readonly Series[],
  look: LineLook,
  palette: Palette,
): ChartConfiguration<'line', Point[]> {
  const [first, ...others] = lineDatasets(series, palette)
  // The painter of marks reads them from the first data set.
  const marked = first === undefined ? [] : [{ ...first, marks: look.marks, palette }]
  const isWhole = series.every(({ points }) => points.every(({ x }) => Number.isInteger(x)))
  return {
    type: 'line',
    data: { datasets: [...marked, ...others] },
    options: lineOptions(look, palette, isWhole),
  }
}

/** Chart.js options for lines: nothing animates, nothing is parsed, zoom by dragging along x. */
function lineOptions(look: LineLook, palette: Palette, isWhole: boolean): ChartOptions<'line'> {
  return {
    ...BASE_OPTIONS,
    parsing: false,
    normalized: true,
    layout: { padding: { top: look.marks.length > 0 ? MARK_STRIP : 6, right: 8 } },
    scales: {
      x: {
        ...numberAxis(look.xTitle, palette, look.xLog, isWhole),
        ...(look.range === null ? {} : { min: look.range[0], max: look.range[1] }),
      },
      y: {
        ...numberAxis(look.yTitle, palette, look.yLog),
        ...(look.clip === null ? {} : { min: look.clip.low, max: look.clip.high }),
      },
    },
    plugins: {
      zoom: {
        zoom: {
          mode: 'x',
          drag: { enabled: true, backgroundColor: withAlpha(palette.accent, 0.15), threshold: 6 },
          // Without a key the wheel scrolls the page.
          wheel: { enabled: true, modifierKey: 'ctrl', speed: 0.08 },
          onZoomComplete: tellRange(look.onZoom),
        },
        pan: { enabled: true, mode: 'x', modifierKey: 'shift', onPanComplete: tellRange(look.onZoom) },
      },
    },
  }
}

const tellRange =
  (onZoom: LineLook['onZoom']) =>
  ({ chart }: { chart: Chart }): void => {
    const { min, max } = chart.scales['x'] ?? { min: 0, max: 1 }
    onZoom([min, max])
  }
