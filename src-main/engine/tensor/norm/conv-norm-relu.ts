import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { Normalised, NormOptions, NormTensors } from './batch-norm.ts'
import { batchNorm } from './batch-norm.ts'
import type { ConvOptions } from '../conv/dilated.ts'
import { conv2d } from '../conv/conv2d.ts'

/**
 * Convolution, batch norm and ReLU. The bias of the convolution is not added to the image but handed to the norm, which
 * knows whether it matters (see {@link NormOptions.bias}).
 */
export function convNormRelu(
  x: Tensor4D,
  weight: Tensor4D,
  norm: NormTensors,
  options: ConvOptions & NormOptions,
): Normalised<Tensor4D> {
  return batchNorm(conv2d(x, weight, options), norm, { activation: 'relu', ...options })
}
