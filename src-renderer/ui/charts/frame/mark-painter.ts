import type { Chart, Plugin } from 'chart.js'
import type { Palette } from './palette.ts'
import type { Mark } from './series.ts'

/** Height of the strip above the plot in which the names of marks stand, so that they cover no line. */
export const MARK_STRIP = 16
const FONT_SIZE = 10
const GAP = 6
const TONES = { chosen: 'accent', good: 'good', muted: 'muted', warn: 'warn' } as const
/** Whose name gives way where two do not fit. */
const RANK: Readonly<Record<Mark['tone'], number>> = { chosen: 0, good: 1, warn: 2, muted: 3 }

export interface PlacedLabel {
  readonly label: string
  readonly left: number
  readonly tone: Mark['tone']
}

/** The names that fit side by side between two borders, each as near to its line as it can be; the most telling ones first. */
export function placeLabels(
  marks: readonly { readonly mark: Mark; readonly at: number; readonly width: number }[],
  left: number,
  right: number,
): PlacedLabel[] {
  const taken: (readonly [number, number])[] = []
  const placed: PlacedLabel[] = []
  for (const { mark, at, width } of marks.toSorted((a, b) => RANK[a.mark.tone] - RANK[b.mark.tone])) {
    const from = Math.max(left, Math.min(at - width / 2, right - width))
    const overlaps = taken.some(([low, high]) => from < high + GAP && from + width + GAP > low)
    if (overlaps || width > right - left) continue
    taken.push([from, from + width])
    placed.push({ label: mark.label, left: from, tone: mark.tone })
  }
  return placed
}

/** What the first data set of a chart with marks carries. */
interface Marked {
  readonly marks?: readonly Mark[]
  readonly palette?: Palette
}

/** Draws the marks that the first data set carries as dashed lines with their names above the plot. */
export const markPainter: Plugin = {
  id: 'marks',
  afterDatasetsDraw: (chart) => {
    const { marks = [], palette } = (chart.data.datasets[0] ?? {}) as Marked
    const shown = visible(chart, marks)
    if (shown.length === 0 || palette === undefined) return
    const { ctx, chartArea: area } = chart
    ctx.save()
    ctx.lineWidth = 1
    ctx.setLineDash([3, 3])
    for (const { mark, at } of shown) {
      ctx.strokeStyle = palette[TONES[mark.tone]]
      ctx.beginPath()
      ctx.moveTo(at, area.top)
      ctx.lineTo(at, area.bottom)
      ctx.stroke()
    }
    ctx.font = `${FONT_SIZE}px ${palette.font}`
    ctx.textBaseline = 'bottom'
    const measured = shown.map((m) => ({ ...m, width: ctx.measureText(m.mark.label).width }))
    for (const { label, left, tone } of placeLabels(measured, area.left, chart.width)) {
      ctx.fillStyle = palette[TONES[tone]]
      ctx.fillText(label, left, area.top - 2)
    }
    ctx.restore()
  },
}

function visible(chart: Chart, marks: readonly Mark[]): { mark: Mark; at: number }[] {
  const scale = chart.scales['x']
  if (scale === undefined) return []
  return marks
    .filter(({ x }) => x >= scale.min && x <= scale.max)
    .map((mark) => ({ mark, at: scale.getPixelForValue(mark.x) }))
}
