import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { addN, cast, equal, maximum, mul, sub } from '@tensorflow/tfjs-core'
import { differentiable } from '../base/differentiable.ts'
import type { Tap } from '../conv/strided-taps.ts'
import { putTap, takeTap, windowTaps } from '../conv/strided-taps.ts'

/** Max pooling without padding as the maximum of its taps; the gradient goes to the first winner of each window. */
export function ownMaxPool(x: Tensor4D, size: number, stride: number): Tensor4D {
  const taps = windowTaps(x, size, stride)
  return differentiable<Tensor4D, [Tensor4D, Tensor4D]>(
    { x },
    (save) => {
      const y = taps.map((tap) => takeTap(x, tap)).reduce((a, b) => maximum(a, b))
      save([x, y])
      return y
    },
    (dy, [saved, y]) => ({ x: () => winners(dy, saved, y, taps) }),
  )
}

function winners(dy: Tensor4D, x: Tensor4D, y: Tensor4D, taps: readonly Tap[]): Tensor4D {
  const [, rows, columns] = x.shape
  let open: Tensor | null = null // 1 where no earlier tap has won
  const parts = taps.map((tap) => {
    const equals: Tensor = cast(equal(takeTap(x, tap), y), 'float32')
    const wins: Tensor = open === null ? equals : mul(equals, open)
    open = open === null ? sub(1, wins) : sub(open, wins)
    return putTap(mul(dy, wins), tap, [rows, columns])
  })
  return addN(parts)
}
