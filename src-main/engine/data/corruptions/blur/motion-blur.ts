import { borderIndex, borderIndices } from '../../image/border.ts'
import { bytesOfLevels } from '../base/bytes.ts'
import type { Corruption } from '../base/types.ts'
import { addStretches, stretches } from './weighted-rows.ts'
import type { Field } from '../../image/field.ts'

/** [radius, sigma]; the one-sided kernel has 2 radius + 1 taps. */
export type MotionConstants = readonly [radius: number, sigma: number]

export interface Motion {
  readonly radius: number
  readonly sigma: number
  /** Direction in degrees, 0 along the rows. */
  readonly angle: number
}

interface Tap {
  readonly dx: number
  readonly dy: number
  readonly weight: number
}

/** Whole-pixel steps along the direction with one-sided Gaussian weights; ends where a step leaves the image. */
function tapsOf({ radius, sigma, angle }: Motion, width: number, height: number): Tap[] {
  const count = 2 * radius + 1
  const weights = Array.from({ length: count }, (_, i) => Math.exp((-i * i) / (2 * sigma * sigma)))
  const sum = weights.reduce((a, b) => a + b, 0)
  const direction = (angle * Math.PI) / 180
  const taps: Tap[] = []
  for (let i = 0; i < count; i++) {
    const dx = -Math.ceil(i * Math.cos(direction) - 0.5)
    const dy = -Math.ceil(i * Math.sin(direction) - 0.5)
    if (Math.abs(dy) >= height || Math.abs(dx) >= width) break
    taps.push({ dx, dy, weight: weights[i]! / sum })
  }
  return taps
}

/** The field with `reach` columns more on either side, edge replicated. */
function paddedColumns({ width, height, channels, data }: Field, reach: number): Float64Array {
  const columns = borderIndices(width, reach, reach, 'nearest')
  const line = columns.length * channels
  const out = new Float64Array(height * line)
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < columns.length; i++) {
      const from = (y * width + columns[i]!) * channels
      for (let c = 0; c < channels; c++) out[y * line + i * channels + c] = data[from + c]!
    }
  }
  return out
}

/** Sum of shifted copies, edges replicated, as the `imagecorruptions` package draws motion (no ImageMagick). */
export function motionFilter(field: Field, motion: Motion): Float64Array {
  const { width, height, channels } = field
  const taps = tapsOf(motion, width, height)
  const reach = Math.max(...taps.map(({ dx }) => Math.abs(dx)))
  const padded = paddedColumns(field, reach)
  const paddedLine = (width + 2 * reach) * channels
  const line = width * channels
  const out = new Float64Array(field.data.length)
  const shifted = stretches(taps.length)
  taps.forEach(({ weight }, k) => (shifted.weights[k] = weight))
  for (let y = 0; y < height; y++) {
    taps.forEach(({ dx, dy }, k) => {
      shifted.starts[k] = borderIndex(y - dy, height, 'nearest') * paddedLine + (reach - dx) * channels
    })
    addStretches(padded, shifted, out, y * line, line)
  }
  return out
}

/** Motion at an angle from U(-45, 45) degrees, on levels 0..255. */
export const motionBlur: Corruption<MotionConstants> = (
  { width, height, data },
  [radius, sigma],
  { draws },
) => {
  const angle = draws.uniform(-45, 45)
  const field = { width, height, channels: 3, data: new Float64Array(data) }
  return bytesOfLevels(motionFilter(field, { radius, sigma, angle }))
}
