import type { Plugin } from 'chart.js'
import { formatTick } from '../../../format/number.ts'
import type { CellColour } from './colour-map.ts'
import { colourStops } from './colour-map.ts'
import { niceTicks } from './nice-ticks.ts'
import type { Palette } from './palette.ts'

/** What the colours of a chart mean, drawn to the right of the plot, so that it is part of every exported picture. */
export interface ColourScale {
  readonly range: readonly [number, number]
  readonly colour: (value: number) => CellColour
  readonly title: string
}

/** Pixels that a chart keeps free for the scale. */
export const SCALE_ROOM = 78
const GAP = 12
const BAR = 10

interface Painted {
  readonly colourScale?: ColourScale | undefined
  readonly palette?: Palette
}

/** Draws the scale that the first data set carries. It travels there because options are wrapped in proxies and functions in them called. */
export const colourScalePainter: Plugin = {
  id: 'colourScale',
  afterDraw: (chart) => {
    const { colourScale: scale, palette } = (chart.data.datasets[0] ?? {}) as Painted
    if (scale === undefined || palette === undefined) return
    const { ctx, chartArea: area } = chart
    const left = area.right + GAP
    const height = area.bottom - area.top
    const gradient = ctx.createLinearGradient(0, area.bottom, 0, area.top)
    for (const { at, colour } of colourStops(scale.colour, scale.range)) gradient.addColorStop(at, colour)
    ctx.save()
    ctx.fillStyle = gradient
    ctx.fillRect(left, area.top, BAR, height)
    ctx.fillStyle = palette.muted
    ctx.font = `11px ${palette.font}`
    ctx.textBaseline = 'middle'
    const [low, high] = scale.range
    for (const tick of niceTicks(scale.range, 5, false)) {
      const y = high > low ? area.bottom - ((tick - low) / (high - low)) * height : area.top + height / 2
      ctx.fillText(formatTick(tick), left + BAR + 4, y)
    }
    ctx.translate(left + SCALE_ROOM - GAP - 8, area.top + height / 2)
    ctx.rotate(-Math.PI / 2)
    ctx.textAlign = 'center'
    ctx.fillText(scale.title, 0, 0, height)
    ctx.restore()
  },
}
