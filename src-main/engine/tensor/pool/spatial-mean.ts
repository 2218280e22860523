import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { div, fill, mean, mul, reshape } from '@tensorflow/tfjs-core'
import { differentiable } from '../base/differentiable.ts'

/**
 * Means over height and width: x [batch, height, width, channels] to [batch, channels]. The gradient is spread by the backend: that
 * of `mean` fills an array of ones as large as x in JavaScript, a quarter of a step of a squeeze-excitation core.
 */
export function spatialMean(x: Tensor4D): Tensor2D {
  const [batch, height, width, channels] = x.shape
  return differentiable<Tensor2D>(
    { x },
    () => mean(x, [1, 2]),
    (dy) => ({
      x: () => mul(fill(x.shape, 1), reshape(div(dy, height * width), [batch, 1, 1, channels])),
    }),
  )
}
