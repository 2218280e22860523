import type { Tensor4D } from '@tensorflow/tfjs-core'
import { batchToSpaceND, slice, spaceToBatchND } from '@tensorflow/tfjs-core'
import { depthwiseConv2d } from '../../tensor/index.ts'
import type { Window } from '../shape.ts'
import { windowCount } from '../shape.ts'

/**
 * Depthwise convolution with dilation and even padding. TensorFlow.js has no gradient for dilated depthwise kernels, so
 * the image is split into dilation x dilation interleaved ones (`spaceToBatchND`), which an ordinary kernel serves.
 */
export function dilatedDepthwise(x: Tensor4D, weight: Tensor4D, window: Window): Tensor4D {
  const { stride, dilation, before, after } = window
  if (dilation === 1) return depthwiseConv2d(x, weight, { stride, padding: before })
  if (stride !== 1) throw new RangeError('a dilated depthwise convolution has stride 1')
  const [, height, width, channels] = x.shape
  const fill = (size: number): number => (dilation - ((size + before + after) % dilation)) % dilation
  const pads = [height, width].map((size) => [before, after + fill(size)])
  const apart: Tensor4D = spaceToBatchND(x, [dilation, dilation], pads)
  const filtered = depthwiseConv2d(apart, weight, { stride: 1, padding: 0 })
  const together: Tensor4D = batchToSpaceND(
    filtered,
    [dilation, dilation],
    [
      [0, 0],
      [0, 0],
    ],
  )
  const size = [windowCount(height, window), windowCount(width, window)] as const
  return slice(together, [0, 0, 0, 0], [x.shape[0], ...size, channels])
}
