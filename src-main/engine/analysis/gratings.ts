import type { InputShape } from '../data/loaders/input-source.ts'

/** How images lie on the scale that the network reads. */
export interface ImageScale {
  /** Grey of the background: the mean of the images that the network knows. */
  readonly grey: number
  /** Standard deviation of their pixels: contrast 1. */
  readonly sd: number
  /** What a screen can show. */
  readonly black: number
  readonly white: number
}

/** A sinusoidal grating in a round window with a soft edge. */
export interface WindowedGrating {
  /** Direction across the bars, radians: 0 is along x, and y points down. */
  readonly theta: number
  /** Cycles per pixel. */
  readonly frequency: number
  /** Radians, at the middle of the window. */
  readonly phase: number
  /** RMS of an image that is filled with it, in sd of the images that the network knows. */
  readonly contrast: number
  /** Middle and radius of the window, pixels; null: the whole image, phase at its middle. */
  readonly window: { readonly x: number; readonly y: number; readonly radius: number } | null
}

/** Width of the soft edge of a window, pixels. */
const EDGE = 2

/** Writes a grating [height, width, channels] from `offset` on, equal in all channels, within what a screen can show. */
export function drawGratingOn(
  { theta, frequency, phase, contrast, window }: WindowedGrating,
  { height, width, channels }: InputShape,
  { grey, sd, black, white }: ImageScale,
  out: Float32Array,
  offset: number,
): void {
  const [cos, sin] = [Math.cos(theta), Math.sin(theta)]
  const middle = window ?? { x: (width - 1) / 2, y: (height - 1) / 2, radius: Infinity }
  const amplitude = contrast * sd * Math.SQRT2 // RMS of a sine is its amplitude over the root of 2
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - middle.x, y - middle.y]
      const wave = Math.cos(2 * Math.PI * frequency * (dx * cos + dy * sin) + phase)
      const inside = Math.min(1, Math.max(0, (middle.radius - Math.hypot(dx, dy)) / EDGE + 0.5))
      const value = Math.min(white, Math.max(black, grey + amplitude * inside * wave))
      out.fill(value, offset + (y * width + x) * channels, offset + (y * width + x + 1) * channels)
    }
}

/** `count` values from `low` to `high`, equal steps of the logarithm. */
export const logSpaced = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => low * (high / low) ** (i / Math.max(1, count - 1)))
