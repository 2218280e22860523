import type { Chart, ChartOptions } from 'chart.js'
import { numberAxis } from './axis-options.ts'
import type { Palette } from './palette.ts'
import { withAlpha } from './palette.ts'
import type { Mark } from './series.ts'

export interface LineLook {
  readonly xTitle: string
  readonly yTitle: string
  readonly xLog: boolean
  readonly yLog: boolean
  readonly marks: readonly Mark[]
  readonly range: readonly [number, number] | null
  readonly onZoom: (range: readonly [number, number]) => void
}

const TONES = { good: 'good', muted: 'muted', warn: 'warn' } as const

/** Chart.js options for lines: nothing animates, nothing is parsed, zoom by dragging along x. */
export function lineOptions(look: LineLook, palette: Palette): ChartOptions<'line'> {
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    layout: { padding: { top: 6, right: 8 } },
    scales: {
      x: {
        ...numberAxis(look.xTitle, palette, look.xLog),
        ...(look.range === null ? {} : { min: look.range[0], max: look.range[1] }),
      },
      y: numberAxis(look.yTitle, palette, look.yLog),
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
      annotation: { annotations: marksOf(look.marks, palette) },
    },
  } as ChartOptions<'line'>
}

const tellRange =
  (onZoom: LineLook['onZoom']) =>
  ({ chart }: { chart: Chart }): void => {
    const { min, max } = chart.scales['x'] ?? { min: 0, max: 1 }
    onZoom([min, max])
  }

function marksOf(marks: readonly Mark[], palette: Palette) {
  return marks.map((mark) => ({
    type: 'line' as const,
    scaleID: 'x',
    value: mark.x,
    borderColor: palette[TONES[mark.tone]],
    borderWidth: 1,
    borderDash: [3, 3],
    label: {
      display: true,
      content: mark.label,
      position: 'start' as const,
      backgroundColor: palette.surface,
      color: palette[TONES[mark.tone]],
      font: { family: palette.font, size: 10, weight: 'normal' as const },
      padding: 2,
    },
  }))
}
