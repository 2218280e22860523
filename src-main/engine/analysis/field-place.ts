import type { InputShape } from '../data/loaders/input-source.ts'

/** Where something lies in an image: pixels, pixel centres at whole numbers, y downwards; radians. */
export interface FieldPlace {
  readonly x: number
  readonly y: number
  /** Standard deviations along the longer and the shorter axis. */
  readonly major: number
  readonly minor: number
  /** Of the longer axis, in [0, pi). */
  readonly angle: number
}

/** Weights below this part of the peak are not counted: far noise would pull the moments. */
const CUT = 0.1

/**
 * A Gaussian put through an energy map [height, width, channels] by its moments above a tenth of the peak. Cutting a Gaussian at a
 * part t of its peak leaves the part 1 - L / (e^L - 1) of its variance, L = -ln t, which is put back. null for an empty map.
 */
export function placeOf(
  energy: ArrayLike<number>,
  { height, width, channels }: InputShape,
): FieldPlace | null {
  const map = new Float64Array(height * width)
  for (let i = 0; i < energy.length; i++) {
    const at = Math.floor(i / channels)
    map[at] = map[at]! + energy[i]!
  }
  const peak = map.reduce((a, b) => Math.max(a, b), 0)
  if (!(peak > 0)) return null
  const sums = { w: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 }
  map.forEach((value, at) => {
    if (value < CUT * peak) return
    const [x, y] = [at % width, Math.floor(at / width)]
    sums.w += value
    sums.x += value * x
    sums.y += value * y
    sums.xx += value * x * x
    sums.yy += value * y * y
    sums.xy += value * x * y
  })
  const [x, y] = [sums.x / sums.w, sums.y / sums.w]
  const [xx, yy, xy] = [sums.xx / sums.w - x * x, sums.yy / sums.w - y * y, sums.xy / sums.w - x * y]
  const middle = (xx + yy) / 2
  const half = Math.hypot((xx - yy) / 2, xy)
  const kept = 1 + Math.log(CUT) / (1 / CUT - 1)
  const sd = (variance: number): number => Math.sqrt(Math.max(0, variance) / kept)
  const angle = (Math.atan2(2 * xy, xx - yy) / 2 + Math.PI) % Math.PI
  return { x, y, major: sd(middle + half), minor: sd(middle - half), angle }
}
