import { borderIndices } from '../../image/border.ts'
import { byteOfUnit, UNIT_OF_BYTE } from '../base/bytes.ts'
import type { Corruption } from '../base/types.ts'
import { addStretches, type Stretches, stretches } from './weighted-rows.ts'

/** [radius of the disk, sigma of its smoothed edge] */
export type DefocusConstants = readonly [radius: number, edge: number]

interface Kernel {
  readonly side: number
  readonly weights: Float64Array
}

/** Grid half width of disks up to radius 8; larger disks just fit their grid. */
const SMALL_GRID = 8

/**
 * Kernels are single precision in the reference. It matters: rounded weights sum to just above or below 1, which decides
 * where truncation to bytes puts an even area.
 */
const single = Math.fround

/** Unit-sum disk x^2 + y^2 <= r^2. */
function disk(radius: number): Kernel {
  const half = radius <= SMALL_GRID ? SMALL_GRID : Math.ceil(radius)
  const side = 2 * half + 1
  const inside = (i: number): number => {
    const y = Math.floor(i / side) - half
    const x = (i % side) - half
    return x * x + y * y <= radius * radius ? 1 : 0
  }
  const weights = Float64Array.from({ length: side * side }, (_, i) => inside(i))
  const sum = weights.reduce((a, b) => a + b, 0)
  return { side, weights: weights.map((w) => single(w / sum)) }
}

/** Gaussian smoothing of the kernel, mirrored at its own border. */
function smoothed({ side, weights }: Kernel, sigma: number, taps: number): Kernel {
  const reach = (taps - 1) / 2
  const gauss = Array.from({ length: taps }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)))
  const sum = gauss.reduce((a, b) => a + b, 0)
  const at = borderIndices(side, reach, reach, 'mirror')
  const weighted = (value: (offset: number) => number): number =>
    single(gauss.reduce((total, g, k) => total + single(g / sum) * value(k), 0))
  const rows = weights.map((_, p) => weighted((k) => weights[p - (p % side) + at[(p % side) + k]!]!))
  const both = rows.map((_, p) => weighted((k) => rows[at[Math.floor(p / side) + k]! * side + (p % side)]!))
  return { side, weights: both }
}

/** Rows of the kernel that are equal (a disk is symmetric) and the prefix sums that make up one of their sums. */
interface Band {
  readonly rows: number[]
  readonly steps: Stretches
}

/** Changes below this are rounding of equal weights. */
const SAME_WEIGHT = 1e-12

/**
 * A disk is constant over most of a row. A rise of the weight at a column takes away the prefix sum before it; what lies
 * before the row cancels, since its changes sum to 0. So a row costs its few steps, not its length.
 */
function stepsOf(row: Float64Array): Stretches {
  const changes = Array.from({ length: row.length + 1 }, (_, at) => (row[at] ?? 0) - (row[at - 1] ?? 0))
  const columns = changes.flatMap((change, at) => (Math.abs(change) > SAME_WEIGHT ? [at] : []))
  const steps = stretches(columns.length)
  columns.forEach((at, k) => {
    steps.starts[k] = at * 3
    steps.weights[k] = -changes[at]!
  })
  return steps
}

function bandsOf({ side, weights }: Kernel): Band[] {
  const bands = new Map<string, Band>()
  for (let y = 0; y < side; y++) {
    const row = weights.subarray(y * side, (y + 1) * side)
    const band = bands.get(row.join()) ?? { rows: [], steps: stepsOf(row) }
    band.rows.push(y)
    bands.set(row.join(), band)
  }
  return [...bands.values()].filter(({ steps }) => steps.starts.length > 0)
}

const known = new Map<string, { side: number; bands: Band[] }>()

function diskBands([radius, edge]: DefocusConstants): { side: number; bands: Band[] } {
  const key = `${radius} ${edge}`
  const found = known.get(key)
  if (found !== undefined) return found
  const kernel = smoothed(disk(radius), edge, radius <= SMALL_GRID ? 3 : 5)
  const made = { side: kernel.side, bands: bandsOf(kernel) }
  known.set(key, made)
  return made
}

/** Sums of a row's values left of each column, per channel: [height, width + side, 3]. */
function prefixSums(data: Uint8Array, width: number, height: number, half: number): Float64Array {
  const columns = borderIndices(width, half, half, 'mirror')
  const line = (columns.length + 1) * 3
  const sums = new Float64Array(height * line)
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < columns.length; i++) {
      const from = (y * width + columns[i]!) * 3
      const to = y * line + i * 3
      for (let c = 0; c < 3; c++) sums[to + 3 + c] = sums[to + c]! + UNIT_OF_BYTE[data[from + c]!]!
    }
  }
  return sums
}

/** Correlation with a disk whose edge is smoothed by a small Gaussian; border mirrored without its edge. */
export const defocusBlur: Corruption<DefocusConstants> = ({ width, height, data }, constants) => {
  const { side, bands } = diskBands(constants)
  const half = (side - 1) / 2
  const sums = prefixSums(data, width, height, half)
  const line = (width + 2 * half + 1) * 3
  const sources = borderIndices(height, half, half, 'mirror')
  const folded = new Float64Array(line)
  const total = new Float64Array(width * 3)
  const out = new Uint8Array(data.length)
  for (let y = 0; y < height; y++) {
    total.fill(0)
    for (const { rows, steps } of bands) {
      folded.fill(0)
      for (const row of rows) addRow(folded, sums, sources[y + row]! * line)
      addStretches(folded, steps, total, 0, total.length)
    }
    for (let x = 0; x < total.length; x++) out[y * total.length + x] = byteOfUnit(total[x]!)
  }
  return out
}

function addRow(to: Float64Array, from: Float64Array, start: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += from[start + i]!
}
