import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { addN, mul, reshape, slice, stack, sum } from '@tensorflow/tfjs-core'
import type { ConvShape } from './own-conv2d.ts'
import { tapsOf } from './own-conv2d.ts'
import { putTap, takeTap } from './strided-taps.ts'

/** Sizes of a depthwise convolution without padding; weight [kh, kw, channels, multiplier]. */
export type DepthwiseShape = ConvShape

/** Depthwise convolution as a sum over taps of products: channel c answers in c * multiplier .. */
export function ownDepthwise(x: Tensor4D, weight: Tensor4D, shape: DepthwiseShape): Tensor4D {
  const [, , channels, multiplier] = shape.weight
  const parts = tapsOf(shape).map((tap, i): Tensor4D => {
    const pixels = takeTap(x, tap)
    const [batch, height, width] = pixels.shape
    const apart = reshape(pixels, [batch, height, width, channels, 1])
    return reshape(mul(apart, tapWeight(weight, i)), [batch, height, width, channels * multiplier])
  })
  return addN(parts)
}

/** Gradient of the depthwise convolution with respect to x. */
export function ownDepthwiseInputGrad(dy: Tensor4D, weight: Tensor4D, shape: DepthwiseShape): Tensor4D {
  const apart = byChannel(dy, shape)
  const [, rows, columns] = shape.x
  return addN(
    tapsOf(shape).map((tap, i) => {
      const back: Tensor4D = sum(mul(apart, tapWeight(weight, i)), 4) // the axis of the multiplier goes
      return putTap(back, tap, [rows, columns])
    }),
  )
}

/** Gradient of the depthwise convolution with respect to its weight. */
export function ownDepthwiseFilterGrad(x: Tensor4D, dy: Tensor4D, shape: DepthwiseShape): Tensor4D {
  const apart = byChannel(dy, shape)
  const parts = tapsOf(shape).map((tap) => {
    const pixels = takeTap(x, tap)
    return sum(mul(reshape(pixels, [...pixels.shape, 1]), apart), [0, 1, 2])
  })
  return reshape(stack(parts), [...shape.weight])
}

/** [batch, height, width, channels, multiplier] */
function byChannel(dy: Tensor4D, { weight: [, , channels, multiplier] }: DepthwiseShape): Tensor {
  const [batch, height, width] = dy.shape
  return reshape(dy, [batch, height, width, channels, multiplier])
}

/** One tap of the kernels, [channels, multiplier]. */
function tapWeight(weight: Tensor4D, tap: number): Tensor {
  const [kh, kw, channels, multiplier] = weight.shape
  const all = reshape(weight, [kh * kw, channels, multiplier])
  return reshape(slice(all, [tap, 0, 0], [1, channels, multiplier]), [channels, multiplier])
}
