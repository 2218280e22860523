import { type Border, borderIndex } from './border.ts'
import type { Field } from './field.ts'

/** Where each output pixel looks: row and column positions in the input, [height, width]. */
export interface Positions {
  readonly rows: Float64Array
  readonly columns: Float64Array
}

/**
 * Bilinear values of every channel at the given positions, [positions, channels]. Products and sums are in the order of
 * scipy.ndimage, which decides ties where bytes are truncated afterwards.
 */
export function bilinearSample(field: Field, { rows, columns }: Positions, border: Border): Float64Array {
  const { width, height, channels, data } = field
  const out = new Float64Array(rows.length * channels)
  for (let p = 0; p < rows.length; p++) {
    const y = Math.floor(rows[p]!)
    const x = Math.floor(columns[p]!)
    const ty = rows[p]! - y
    const tx = columns[p]! - x
    const above = borderIndex(y, height, border) * width
    const below = borderIndex(y + 1, height, border) * width
    const left = borderIndex(x, width, border)
    const right = borderIndex(x + 1, width, border)
    const sy = 1 - ty
    const sx = 1 - tx
    for (let c = 0; c < channels; c++) {
      out[p * channels + c] =
        data[(above + left) * channels + c]! * sy * sx +
        data[(above + right) * channels + c]! * sy * tx +
        data[(below + left) * channels + c]! * ty * sx +
        data[(below + right) * channels + c]! * ty * tx
    }
  }
  return out
}
