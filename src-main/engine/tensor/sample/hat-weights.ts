import type { Tensor } from '@tensorflow/tfjs-core'
import {
  abs,
  cast,
  expandDims,
  greaterEqual,
  less,
  logicalAnd,
  mul,
  range,
  relu,
  sub,
  sum,
} from '@tensorflow/tfjs-core'
import { differentiable } from '../base/differentiable.ts'

/**
 * Weight of each of `size` cells in linear interpolation at positions u (in cells): max(0, 1 - |u - k|). [...u, size]
 * On a cell the derivative is the one to the right, next value minus this one, as PyTorch's grid_sample has it.
 */
export function hatWeights(u: Tensor, size: number): Tensor {
  return differentiable<Tensor, [Tensor]>(
    { u },
    (save) => {
      const distance = sub(expandDims(u, -1), range(0, size, 1, 'float32'))
      save([distance])
      return relu(sub(1, abs(distance)))
    },
    (dy, [distance]) => ({ u: () => sum(mul(dy, slope(distance)), -1) }),
  )
}

/** -1 on the cell at or left of u, +1 on the next one. */
function slope(distance: Tensor): Tensor {
  const left = logicalAnd(greaterEqual(distance, 0), less(distance, 1))
  const right = logicalAnd(greaterEqual(distance, -1), less(distance, 0))
  return sub(cast(right, 'float32'), cast(left, 'float32'))
}
