import type { Tensor4D } from '@tensorflow/tfjs-core'
import { depthwiseConv2d as coreDepthwise } from '@tensorflow/tfjs-core'
import type { ConvOptions } from './conv2d.ts'
import { padEvenly, spreadKernel } from './conv2d.ts'

/** Convolves each channel of x [batch, height, width, channels] with its own kernels, weight [kh, kw, channels, multiplier]. */
export function depthwiseConv2d(x: Tensor4D, weight: Tensor4D, options: ConvOptions = {}): Tensor4D {
  const { stride = 1, dilation = 1 } = options
  // The gradients of TensorFlow.js know no dilation: spread the kernel instead.
  const spread = dilation === 1 ? weight : spreadKernel(weight, dilation)
  return coreDepthwise(padEvenly(x, options), spread, stride, 'valid')
}
