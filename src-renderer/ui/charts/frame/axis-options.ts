import { formatTick } from '../../../format/number.ts'
import type { Palette } from './palette.ts'

const FONT_SIZE = 11

/** Look of one axis: quiet grid, muted text, no rotation. */
export function axisOptions(title: string, palette: Palette) {
  const font = { family: palette.font, size: FONT_SIZE }
  return {
    title: { display: title !== '', text: title, color: palette.muted, font },
    grid: { color: palette.line, tickLength: 4 },
    border: { color: palette.line },
    ticks: { color: palette.muted, font, maxRotation: 0, autoSkipPadding: 14 },
  }
}

/** The same for an axis of numbers. */
export function numberAxis(title: string, palette: Palette, isLog: boolean) {
  const axis = axisOptions(title, palette)
  return {
    ...axis,
    type: isLog ? ('logarithmic' as const) : ('linear' as const),
    ticks: {
      ...axis.ticks,
      includeBounds: false,
      callback: (value: number | string) => formatTick(Number(value)),
    },
  }
}
