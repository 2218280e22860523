import type { Tensor4D } from '@tensorflow/tfjs-core'
import { tensor } from '@tensorflow/tfjs-core'
import { maxPool, meanPool } from '../../tensor/index.ts'
import { coveringRows } from '../base/covering.ts'
import { gradientOf } from '../base/gradient-of.ts'
import type { ProofCase, Right } from '../base/proof-case.ts'
import { byRule, known, sizeOf } from '../base/proof-case.ts'
import { distinctNumbers, numbers } from '../base/proof-numbers.ts'
import { pixel, place } from '../base/window.ts'

const FACTORS = {
  channels: [1, 2, 3, 5, 8, 16, 32, 64],
  size: [2, 3, 5],
  stride: [1, 2, 3],
  batch: [1, 2, 15, 64],
  out: [1, 3, 8],
}
const MOST_VALUES = 2e4

type PoolShape = { readonly [K in keyof typeof FACTORS]: number }
type PoolOperation = 'MaxPool' | 'MaxPoolGrad' | 'AvgPool' | 'AvgPoolGrad'

/** Largest and mean values of windows, and their gradients. */
export function poolCases(): ProofCase[] {
  const rows = coveringRows(FACTORS, (row) => row.batch * sideOf(row) ** 2 * row.channels <= MOST_VALUES)
  return rows.flatMap((row) =>
    (['MaxPool', 'MaxPoolGrad', 'AvgPool', 'AvgPoolGrad'] as const).map((op) => poolCase(row, op)),
  )
}

const sideOf = ({ out, stride, size }: PoolShape): number => (out - 1) * stride + size

function poolCase(s: PoolShape, operation: PoolOperation): ProofCase {
  const side = sideOf(s)
  return {
    operation,
    format: 'float32',
    shape: `x [${s.batch},${side},${side},${s.channels}], window ${s.size}, stride ${s.stride}`,
    product: false,
    prepare: () => {
      const shape: Tensor4D['shape'] = [s.batch, side, side, s.channels]
      const yShape = [s.batch, s.out, s.out, s.channels]
      const xs = distinctNumbers(sizeOf(shape), 29)
      const dys = numbers(sizeOf(yShape), 30)
      const x: Tensor4D = tensor(xs, shape)
      const dy = tensor(dys, yShape)
      const isMax = operation.startsWith('Max')
      const pool = (t: Tensor4D): Tensor4D =>
        isMax ? maxPool(t, { size: s.size, stride: s.stride }) : meanPool(t, s.size, s.stride)
      const run = operation.endsWith('Grad') ? () => gradientOf(pool, x, dy) : () => pool(x)
      const right = operation.endsWith('Grad') ? rightGradient(xs, dys, s, isMax) : rightPool(xs, s, isMax)
      return { run: () => [run()], right: [right] }
    },
  }
}

/** Flat indices of x under the window of an output. */
function windowOf(index: number, s: PoolShape): number[] {
  const [n, i, j, c] = place(index, s.out, s.channels)
  return Array.from({ length: s.size ** 2 }, (_, at) =>
    pixel(n, i * s.stride + Math.floor(at / s.size), j * s.stride + (at % s.size), c, sideOf(s), s.channels),
  )
}

const largest = (xs: Float32Array, places: readonly number[]): number =>
  places.reduce((best, at) => (xs[at]! > xs[best]! ? at : best))

function rightPool(xs: Float32Array, s: PoolShape, isMax: boolean): Right {
  const at = (index: number): number => {
    const places = windowOf(index, s)
    if (isMax) return xs[largest(xs, places)]!
    return places.reduce((sum, p) => sum + xs[p]!, 0) / places.length
  }
  return byRule(s.batch * s.out * s.out * s.channels, at, s.size ** 2)
}

function rightGradient(xs: Float32Array, dys: Float32Array, s: PoolShape, isMax: boolean): Right {
  const dx = new Float64Array(xs.length)
  for (const [index, dy] of dys.entries()) {
    const places = windowOf(index, s)
    const paid = isMax ? [largest(xs, places)] : places
    for (const p of paid) dx[p] = dx[p]! + dy / paid.length
  }
  return known(dx)
}
