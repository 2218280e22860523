import type { Chart, ChartOptions } from 'chart.js'
import { numberAxis } from '../frame/axis-options.ts'
import type { Palette } from '../frame/palette.ts'
import { withAlpha } from '../frame/palette.ts'
import type { Clip } from './clip-range.ts'
import { MARK_STRIP } from './line-marks.ts'

export interface LineLook {
  readonly xTitle: string
  readonly yTitle: string
  readonly xLog: boolean
  readonly yLog: boolean
  readonly hasMarks: boolean
  readonly clip: Clip | null
  readonly range: readonly [number, number] | null
  readonly onZoom: (range: readonly [number, number]) => void
}

/** Chart.js options for lines: nothing animates, nothing is parsed, zoom by dragging along x. */
export function lineOptions(look: LineLook, palette: Palette): ChartOptions<'line'> {
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    layout: { padding: { top: look.hasMarks ? MARK_STRIP : 6, right: 8 } },
    scales: {
      x: {
        ...numberAxis(look.xTitle, palette, look.xLog),
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
