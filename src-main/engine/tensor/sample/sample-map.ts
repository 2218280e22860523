import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, expandDims, matMul, mul, reshape, split, squeeze, sub, tile } from '@tensorflow/tfjs-core'
import { gatherCorners } from './gather-corners.ts'
import { hatWeights } from './hat-weights.ts'
import { onNative, onWebgpu } from '../base/native-ops.ts'
import { asOne } from '../trace/as-one.ts'
import { sampleByLoops } from './sample-loops.ts'

export interface SampleOptions {
  /** Whether -1 and 1 are the centres of the outer cells (true) or their outer edges (false). */
  readonly alignCorners: boolean
  /** Default: by size on the native backend and WebGPU, loops elsewhere. All give the same numbers. */
  readonly form?: 'matmul' | 'gather' | 'loops'
}

/** Interpolation weights above this many numbers (16 MB) are not worth their memory traffic: gather instead. */
const MATMUL_LIMIT = 1 << 22

/**
 * Bilinear samples of a map [batch, height, width, channels] at positions [batch or 1, units, 2] in [-1, 1], x before y;
 * zero outside. Equals PyTorch's grid_sample with zero padding. [batch, units, channels]
 */
export function sampleMap(map: Tensor4D, positions: Tensor3D, options: SampleOptions): Tensor3D {
  const { alignCorners } = options
  return asOne('sampleMap', { map, positions }, { alignCorners }, () => sampled(map, positions, options))
}

function sampled(map: Tensor4D, positions: Tensor3D, options: SampleOptions): Tensor3D {
  const [batch, height, width, channels] = map.shape
  const [rows, units] = positions.shape
  const [gx, gy] = split(positions, 2, 2).map((g) => squeeze(g, [2])) as [Tensor, Tensor] // [rows, units]
  const x = toCells(gx, width, options.alignCorners)
  const y = toCells(gy, height, options.alignCorners)
  const form = options.form ?? fastestForm(batch * units * height * width)
  if (form !== 'matmul') {
    const sample = form === 'gather' ? gatherCorners : sampleByLoops
    return sample(map, repeatRows(x, batch), repeatRows(y, batch))
  }
  const weights = mul(expandDims(hatWeights(y, height), 3), expandDims(hatWeights(x, width), 2)) // [rows, units, height, width]
  const flat: Tensor3D = reshape(weights, [rows, units, height * width])
  return matMul(repeatRows(flat, batch), reshape(map, [batch, height * width, channels]))
}

function fastestForm(weights: number): 'matmul' | 'gather' | 'loops' {
  if (!onNative() && !onWebgpu()) return 'loops'
  return weights <= MATMUL_LIMIT ? 'matmul' : 'gather'
}

/** Grid coordinate in [-1, 1] to cell coordinate, where cell k has its centre at k. */
function toCells(grid: Tensor, size: number, alignCorners: boolean): Tensor {
  if (alignCorners) return mul(add(grid, 1), (size - 1) / 2)
  return sub(mul(add(grid, 1), size / 2), 0.5)
}

/** One row for all examples, or one for each. */
function repeatRows(t: Tensor, batch: number): Tensor {
  if (t.shape[0] === batch) return t
  return tile(t, [batch, ...t.shape.slice(1).map(() => 1)])
}
