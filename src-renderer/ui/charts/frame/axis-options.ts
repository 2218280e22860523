import { formatTick } from '../../../format/number.ts'
import type { Palette } from './palette.ts'

const FONT_SIZE = 11
/** Longer titles stand in two lines: a small chart has no room for them in one. */
const LINE_LENGTH = 26

/** A title in one line or, broken at the space nearest to its middle, in two. */
export function titleLines(title: string): string | string[] {
  if (title.length <= LINE_LENGTH) return title
  const middle = title.length / 2
  const spaces = [...title.matchAll(/ /g)].map(({ index }) => index)
  const at = spaces.toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0]
  return at === undefined ? title : [title.slice(0, at), title.slice(at + 1)]
}

/** Look of one axis: quiet grid, muted text, no rotation. */
export function axisOptions(title: string, palette: Palette) {
  const font = { family: palette.font, size: FONT_SIZE }
  return {
    title: { display: title !== '', text: titleLines(title), color: palette.muted, font },
    grid: { color: palette.line, tickLength: 4 },
    border: { color: palette.line },
    ticks: { color: palette.muted, font, maxRotation: 0, autoSkipPadding: 14 },
  }
}

/** The same for an axis of numbers; `isWhole`: between whole numbers there is nothing to mark. */
export function numberAxis(title: string, palette: Palette, isLog: boolean, isWhole = false) {
  const axis = axisOptions(title, palette)
  return {
    ...axis,
    type: isLog ? ('logarithmic' as const) : ('linear' as const),
    ticks: {
      ...axis.ticks,
      includeBounds: false,
      ...(isWhole ? { precision: 0 } : {}),
      callback: (value: number | string) => formatTick(Number(value)),
    },
  }
}
