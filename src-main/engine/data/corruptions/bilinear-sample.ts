import { type Border, borderIndex } from './border.ts'
import type { Field } from './gaussian-filter.ts'

/** Where each output pixel looks: row and column positions in the input, [height, width]. */
export interface Positions {
  readonly rows: Float64Array
  readonly columns: Float64Array
}

/** Bilinear values of every channel at the given positions, [positions, channels]. */
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
    for (let c = 0; c < channels; c++) {
      const top = (1 - tx) * data[(above + left) * channels + c]! + tx * data[(above + right) * channels + c]!
      const bottom =
        (1 - tx) * data[(below + left) * channels + c]! + tx * data[(below + right) * channels + c]!
      out[p * channels + c] = (1 - ty) * top + ty * bottom
    }
  }
  return out
}
