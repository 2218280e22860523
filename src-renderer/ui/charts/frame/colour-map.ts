type Rgb = readonly [number, number, number]

/** Stops of cividis (Nunez et al. 2018): even for colour-blind readers and in grey print. */
const CIVIDIS: readonly Rgb[] = [
  [0, 32, 77],
  [49, 68, 107],
  [102, 105, 112],
  [148, 142, 119],
  [203, 186, 105],
  [255, 234, 70],
]
/** Brown to blue around a neutral middle, safe for red-green blindness (after ColorBrewer PuOr). */
const DIVERGING: readonly Rgb[] = [
  [158, 76, 6],
  [224, 150, 72],
  [245, 245, 245],
  [120, 165, 212],
  [33, 88, 158],
]

function mix(stops: readonly Rgb[], t: number): Rgb {
  const at = Math.min(1, Math.max(0, t)) * (stops.length - 1)
  const i = Math.min(stops.length - 2, Math.floor(at))
  const a: Rgb = stops[i] ?? [0, 0, 0]
  const b = stops[i + 1] ?? a
  const part = at - i
  const between = (k: 0 | 1 | 2): number => Math.round(a[k] + part * (b[k] - a[k]))
  return [between(0), between(1), between(2)]
}

/** Relative luminance (WCAG 2). */
export function luminance([r, g, b]: Rgb): number {
  const linear = [r, g, b].map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0)
}

/** Contrast of two colours (WCAG 2), 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

export interface CellColour {
  readonly background: string
  readonly text: string
  readonly rgb: Rgb
}

const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]

const cell = (rgb: Rgb): CellColour => ({
  background: `rgb(${rgb.join(' ')})`,
  text: contrast(rgb, WHITE) >= contrast(rgb, BLACK) ? '#ffffff' : '#000000',
  rgb,
})

/** Colour of a value between two limits, dark to bright. */
export const sequential = (value: number, low: number, high: number): CellColour =>
  cell(mix(CIVIDIS, high > low ? (value - low) / (high - low) : 0.5))

/** The same with the square root of the distance from the low end, so that small counts beside large ones stay visible. */
export const sequentialRoot = (value: number, low: number, high: number): CellColour =>
  cell(mix(CIVIDIS, high > low ? Math.sqrt(Math.max(0, value - low) / (high - low)) : 0.5))

/** Colour of a difference: brown below zero, blue above, the same strength for the same size. */
export const diverging = (value: number, size: number): CellColour =>
  cell(mix(DIVERGING, size > 0 ? 0.5 + value / (2 * size) : 0.5))

const STOPS = 12

/** Colours at even places of a range, for a gradient; `at` runs from 0 to 1. */
export const colourStops = (
  colour: (value: number) => CellColour,
  [low, high]: readonly [number, number],
): { at: number; colour: string }[] =>
  Array.from({ length: STOPS + 1 }, (_, i) => ({
    at: i / STOPS,
    colour: colour(low + (i / STOPS) * (high - low)).background,
  }))
