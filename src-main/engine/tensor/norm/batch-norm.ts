import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { getBackend, ones, zeros } from '@tensorflow/tfjs-core'
import { composedNorm } from './batch-norm-composed.ts'
import { loopNorm } from './batch-norm-loops.ts'
import { nativeNorm } from './batch-norm-native.ts'
import { onNative } from '../base/native-ops.ts'
import { asOne } from '../trace/as-one.ts'
import { routeOf } from '../base/routes.ts'

/** PyTorch's default; keeps the division finite on constant channels. */
export const NORM_EPSILON = 1e-5

/** Tensors of one norm layer, each [channels]; gamma 1 and beta 0 where absent. */
export interface NormTensors {
  readonly gamma?: Tensor1D
  readonly beta?: Tensor1D
  /** Running statistics; the variance is the unbiased one, as PyTorch keeps it. */
  readonly mean: Tensor1D
  readonly variance: Tensor1D
}

export interface NormOptions {
  /** `batch` while training, `running` in evaluation and for frozen norms. */
  readonly statistics: 'batch' | 'running'
  /** ReLU on the result; default none. */
  readonly activation?: 'relu' | 'none'
  readonly epsilon?: number
  /**
   * Bias of the convolution in front, which was left out there. Batch statistics take it away again: then it only moves
   * the reported mean and its gradient is zero. With running statistics it counts.
   */
  readonly bias?: Tensor1D
}

export interface Normalised<T extends Tensor> {
  readonly output: T
  /** Batch statistics for the running ones, with `batch` only: mean, and variance over n - 1. [channels] */
  readonly batch?: { readonly mean: Tensor1D; readonly variance: Tensor1D }
}

/** gamma (x - mean) / sqrt(variance + epsilon) + beta per channel, the last axis (Ioffe & Szegedy 2015). */
export function batchNorm<T extends Tensor>(x: T, norm: NormTensors, options: NormOptions): Normalised<T> {
  const channels = x.shape[x.shape.length - 1]!
  const parts = {
    x,
    gamma: norm.gamma ?? ones([channels]),
    beta: norm.beta ?? zeros([channels]),
    mean: norm.mean,
    variance: norm.variance,
    bias: options.bias,
    epsilon: options.epsilon ?? NORM_EPSILON,
    relu: options.activation === 'relu',
  }
  const own = routeOf('FusedBatchNormV3') === 'own' || routeOf('FusedBatchNormGradV3') === 'own'
  const implementation = own || getBackend() === 'wasm' ? loopNorm : onNative() ? nativeNorm : composedNorm
  if (options.statistics === 'running') {
    const { epsilon, relu, ...tensors } = parts
    return { output: asOne('batchNorm', tensors, { epsilon, relu }, () => implementation.running(parts).output as T) } // prettier-ignore
  }
  const { output, batch } = implementation.batch(parts)
  return { output: output as T, ...(batch ? { batch } : {}) }
}
