import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { add, batchNorm, moments, mul, relu, reshape, sub, zerosLike } from '@tensorflow/tfjs-core'
import type { NormImplementation } from './batch-norm-parts.ts'
import { meanWithBias } from './batch-norm-parts.ts'
import { differentiable } from '../base/differentiable.ts'

/** Batch norm from operations of TensorFlow.js with their own gradients: the reference for the other two. */
export const composedNorm: NormImplementation = {
  batch: ({ x, gamma, beta, bias, epsilon, relu: withRelu }) => {
    const axes = x.shape.slice(0, -1).map((_, i) => i)
    const { mean, variance } = moments(x, axes)
    const y = batchNorm(x, mean, variance, beta, gamma, epsilon)
    const n = x.size / gamma.size
    const unbiased: Tensor1D = mul(variance, n / Math.max(1, n - 1))
    const output = addUnused(withRelu ? relu(y) : y, bias)
    return { output, batch: { mean: meanWithBias(reshape(mean, [gamma.size]), bias), variance: unbiased } }
  },
  running: ({ x, gamma, beta, mean, variance, bias, epsilon, relu: withRelu }) => {
    const shifted = bias ? sub(mean, bias) : mean
    const y = batchNorm(x, shifted, variance, beta, gamma, epsilon)
    return { output: withRelu ? relu(y) : y }
  },
}

/** x itself, with a zero gradient for a parameter that cannot change it: optimizers then still see a gradient. */
function addUnused(x: Tensor, unused: Tensor1D | undefined): Tensor {
  if (unused === undefined) return x
  return differentiable<Tensor>(
    { x, unused },
    () => add(x, 0),
    (dy) => ({ x: () => dy.clone(), unused: () => zerosLike(unused) }),
  )
}
