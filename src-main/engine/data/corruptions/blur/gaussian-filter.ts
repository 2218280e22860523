import { type Border, borderIndices } from '../../image/border.ts'
import type { Field } from '../../image/field.ts'

export interface GaussianOptions {
  /** Standard deviation along rows and columns (pixels); one number for both. */
  readonly sigma: number | { readonly vertical: number; readonly horizontal: number }
  readonly border: Border
  /** Kernel ends at truncate * sigma; 4 as in scipy unless given. */
  readonly truncate?: number
}

/** Weights of offsets 0..radius of a unit-sum sampled Gaussian, radius = int(truncate sigma + 0.5) as in scipy.ndimage. */
function halfGaussian(sigma: number, truncate: number): Float64Array {
  const radius = Math.floor(truncate * sigma + 0.5)
  const weights = Float64Array.from({ length: radius + 1 }, (_, i) =>
    i === 0 ? 1 : Math.exp((-0.5 / (sigma * sigma)) * i * i),
  )
  let sum = weights[0]!
  for (let i = 1; i <= radius; i++) sum += 2 * weights[i]!
  return weights.map((w) => w / sum)
}

/** One pass down the columns; `half` are the weights of offsets 0..radius. */
function filterColumns(field: Field, half: Float64Array, border: Border): Float64Array {
  const { height, width, channels, data } = field
  const line = width * channels
  const radius = half.length - 1
  const rows = borderIndices(height, radius, radius, border)
  const out = new Float64Array(data.length)
  for (let y = 0; y < height; y++) {
    const to = y * line
    for (let x = 0; x < line; x++) out[to + x] = half[0]! * data[to + x]!
    for (let k = 1; k <= radius; k++) {
      const weight = half[k]!
      const above = rows[y + radius - k]! * line
      const below = rows[y + radius + k]! * line
      for (let x = 0; x < line; x++) out[to + x]! += weight * (data[above + x]! + data[below + x]!)
    }
  }
  return out
}

/** One pass along the rows. */
function filterRows(field: Field, half: Float64Array, border: Border): Float64Array {
  const { height, width, channels, data } = field
  const line = width * channels
  const radius = half.length - 1
  const columns = borderIndices(width, radius, radius, border)
  const padded = new Float64Array(columns.length * channels)
  const out = new Float64Array(data.length)
  const centre = radius * channels
  for (let y = 0; y < height; y++) {
    const from = y * line
    for (let i = 0; i < columns.length; i++) {
      for (let c = 0; c < channels; c++) padded[i * channels + c] = data[from + columns[i]! * channels + c]!
    }
    for (let x = 0; x < line; x++) out[from + x] = half[0]! * padded[centre + x]!
    for (let k = 1; k <= radius; k++) {
      const weight = half[k]!
      const left = centre - k * channels
      const right = centre + k * channels
      for (let x = 0; x < line; x++) out[from + x]! += weight * (padded[left + x]! + padded[right + x]!)
    }
  }
  return out
}

/** Gaussian blur of every channel on its own, as scipy.ndimage.gaussian_filter; sigma 0 leaves an axis alone. */
export function gaussianFilter(field: Field, options: GaussianOptions): Float64Array {
  const { border, truncate = 4 } = options
  const sigma =
    typeof options.sigma === 'number' ? { vertical: options.sigma, horizontal: options.sigma } : options.sigma
  const down = filterColumns(field, halfGaussian(sigma.vertical, truncate), border)
  return filterRows({ ...field, data: down }, halfGaussian(sigma.horizontal, truncate), border)
}
