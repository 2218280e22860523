import type { Tensor4D } from '@tensorflow/tfjs-core'
import { addN, mul, pad, slice } from '@tensorflow/tfjs-core'
import { differentiable } from '../base/differentiable.ts'

/** Numbers of a square filter that is equal to itself turned by half a circle, row by row. */
export interface Stencil {
  readonly side: number
  readonly values: readonly number[]
}

/**
 * Slides a fixed stencil over the first two axes of x [height, width, ...], zeros around it, as a weighted sum of shifted
 * slices. Its gradient is the same stencil again, so that no kernel for convolutions takes part: those for one channel
 * were found wrong on some processors. [height + 2 padding - side + 1, ...]
 */
export function applyStencil(x: Tensor4D, stencil: Stencil, padding: number): Tensor4D {
  const back = stencil.side - 1 - padding
  return differentiable<Tensor4D>(
    { x },
    () => slide(x, stencil, padding),
    (dy) => ({ x: () => slide(dy, stencil, back) }),
  )
}

function slide(x: Tensor4D, { side, values }: Stencil, padding: number): Tensor4D {
  const [height, width, a, b] = x.shape
  const around = Math.max(0, padding)
  const wide = around === 0 ? x : pad(x, [[around, around], [around, around], [0, 0], [0, 0]]) // prettier-ignore
  const cut = Math.max(0, -padding) // more zeros in front than the stencil reaches: those rows have no part
  const [rows, columns] = [height + 2 * padding - side + 1, width + 2 * padding - side + 1]
  const parts = values.flatMap((value, i): Tensor4D[] => {
    if (value === 0) return []
    const from = [cut + Math.floor(i / side), cut + (i % side), 0, 0]
    return [mul(slice(wide, from, [rows, columns, a, b]), value)]
  })
  return addN(parts)
}
