import type { Field } from '../../image/field.ts'
import { roundHalfEven } from '../../image/round-half-even.ts'

/** Linear interpolation of one axis: output i lies between samples low[i] and low[i] + 1, `fraction[i]` of the way. */
interface Axis {
  readonly low: Int32Array
  readonly fraction: Float64Array
}

const cropSize = (size: number, factor: number): number => Math.ceil(size / factor)

/** Length of an axis after its central size / factor (rounded up) is enlarged by the factor; never much above `size`. */
export const zoomedSize = (size: number, factor: number): number =>
  roundHalfEven(cropSize(size, factor) * factor)

/** Positions in the full axis of the first `count` samples, from `trim` on, of the enlarged centre. Corners coincide. */
function zoomAxis(size: number, factor: number, count: number, trim: number): Axis {
  const crop = cropSize(size, factor)
  const start = Math.floor((size - crop) / 2)
  const zoomed = zoomedSize(size, factor)
  const step = zoomed > 1 ? (crop - 1) / (zoomed - 1) : 0
  const kept = Math.min(count, zoomed)
  const low = new Int32Array(kept)
  const fraction = new Float64Array(kept)
  for (let i = 0; i < kept; i++) {
    const at = (i + trim) * step
    const inCrop = Math.min(Math.floor(at), Math.max(0, crop - 2))
    fraction[i] = at - inCrop
    low[i] = start + inCrop
  }
  return { low, fraction }
}

export interface Zoom {
  readonly factor: number
  /** Which part of a larger result is kept: imagecorruptions takes the top left, the ImageNet-C generator the centre. */
  readonly keep: 'top-left' | 'centre'
}

/** Adds the enlarged centre of `field` to `sum`, as much of it as fits (a smaller result goes to the top left). */
export function addZoomed(field: Field, { factor, keep }: Zoom, sum: Field): void {
  const { width, height, channels, data } = field
  const trim = (size: number, kept: number): number =>
    keep === 'centre' ? Math.max(0, Math.floor((zoomedSize(size, factor) - kept) / 2)) : 0
  const across = zoomAxis(width, factor, sum.width, trim(width, sum.width))
  const down = zoomAxis(height, factor, sum.height, trim(height, sum.height))
  const line = width * channels
  const mixed = new Float64Array(line)
  for (let y = 0; y < down.low.length; y++) {
    const above = down.low[y]! * line
    const below = Math.min(down.low[y]! + 1, height - 1) * line
    const t = down.fraction[y]!
    for (let i = 0; i < line; i++) mixed[i] = data[above + i]! + t * (data[below + i]! - data[above + i]!)
    for (let x = 0; x < across.low.length; x++) {
      const left = across.low[x]! * channels
      const right = Math.min(left + channels, line - channels)
      const s = across.fraction[x]!
      const to = (y * sum.width + x) * channels
      for (let c = 0; c < channels; c++) {
        sum.data[to + c]! += mixed[left + c]! + s * (mixed[right + c]! - mixed[left + c]!)
      }
    }
  }
}
