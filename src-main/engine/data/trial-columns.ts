import type { TrialColumns } from '../types.ts'

/**
 * Columns on a scale that a network can use, as neuralpredictors' NeuroNormalizer does: divided by the spread over
 * `measured` trials, eye positions also centred (`centre`). A missing value becomes the column's mean; a column that never
 * changes keeps its values.
 */
export function scaledColumns(
  { names, values }: TrialColumns,
  measured: ArrayLike<number>,
  centre: boolean,
): TrialColumns {
  const width = names.length
  const out = new Float32Array(values.length)
  for (let column = 0; column < width; column++) {
    const { mean, spread } = momentsOf(values, width, column, measured)
    for (let i = column; i < values.length; i += width) {
      const value = Number.isNaN(values[i]) ? mean : values[i]!
      out[i] = (centre ? value - mean : value) / spread
    }
  }
  return { names, values: out }
}

function momentsOf(
  values: Float32Array,
  width: number,
  column: number,
  measured: ArrayLike<number>,
): { readonly mean: number; readonly spread: number } {
  let [count, sum, square] = [0, 0, 0]
  for (let k = 0; k < measured.length; k++) {
    const value = values[measured[k]! * width + column]!
    if (Number.isNaN(value)) continue
    count++
    sum += value
    square += value * value
  }
  const mean = count === 0 ? 0 : sum / count
  const spread = count === 0 ? 0 : Math.sqrt(Math.max(0, square / count - mean * mean))
  return { mean, spread: spread > SMALLEST * Math.abs(mean) ? spread : 1 }
}

/** Below this share of its mean a spread is rounding. */
const SMALLEST = 1e-6
