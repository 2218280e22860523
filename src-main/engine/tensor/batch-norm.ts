import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import {
  add,
  batchNorm as coreBatchNorm,
  moments,
  mul,
  ones,
  relu,
  reshape,
  sub,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { differentiable } from './differentiable.ts'
import type { NativeAttr } from './native-ops.ts'
import { attr, onNative, runNative, runNative1 } from './native-ops.ts'

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
  const channels = x.shape[x.shape.length - 1] as number
  const parts: Parts = {
    x,
    gamma: norm.gamma ?? (ones([channels]) as Tensor1D),
    beta: norm.beta ?? (zeros([channels]) as Tensor1D),
    mean: norm.mean,
    variance: norm.variance,
    bias: options.bias,
    epsilon: options.epsilon ?? NORM_EPSILON,
    relu: options.activation === 'relu',
  }
  const { output, batch } = (onNative() ? NATIVE : COMPOSED)[options.statistics](parts)
  return { output: output as T, ...(batch ? { batch } : {}) }
}

interface Parts {
  readonly x: Tensor
  readonly gamma: Tensor1D
  readonly beta: Tensor1D
  readonly mean: Tensor1D
  readonly variance: Tensor1D
  readonly bias: Tensor1D | undefined
  readonly epsilon: number
  readonly relu: boolean
}
type Implementation = Record<NormOptions['statistics'], (parts: Parts) => Normalised<Tensor>>

const withBias = (mean: Tensor, bias: Tensor1D | undefined): Tensor1D =>
  (bias ? add(mean, bias) : mean) as Tensor1D

const COMPOSED: Implementation = {
  batch: ({ x, gamma, beta, bias, epsilon, ...parts }) => {
    const { mean, variance } = moments(x, axesBelowLast(x))
    const y = coreBatchNorm(x, mean as Tensor1D, variance as Tensor1D, beta, gamma, epsilon)
    const n = x.size / gamma.size
    const unbiased = mul(variance, n / Math.max(1, n - 1)) as Tensor1D
    const output = addUnused(parts.relu ? relu(y) : y, bias)
    return { output, batch: { mean: withBias(mean, bias), variance: unbiased } }
  },
  running: ({ x, gamma, beta, mean, variance, bias, epsilon, ...parts }) => {
    const y = coreBatchNorm(x, bias ? (sub(mean, bias) as Tensor1D) : mean, variance, beta, gamma, epsilon)
    return { output: parts.relu ? relu(y) : y }
  },
}

const axesBelowLast = (x: Tensor): number[] => x.shape.slice(0, -1).map((_, i) => i)

/** x itself, with a zero gradient for a parameter that cannot change it: optimizers then still see a gradient. */
function addUnused(x: Tensor, unused: Tensor1D | undefined): Tensor {
  if (unused === undefined) return x
  return differentiable<Tensor>(
    { x, unused },
    () => add(x, 0),
    (dy) => ({ x: () => dy.clone(), unused: () => zerosLike(unused) }),
  )
}

const NATIVE: Implementation = {
  batch: (parts) => {
    const { x, gamma, beta, bias, epsilon } = parts
    const attrs = nativeAttrs(epsilon, true)
    const [output, mean, variance] = differentiable<Tensor[]>(
      { x, gamma, beta, ...(bias ? { bias } : {}) },
      (save) => {
        const empty = zeros([0])
        const image = asImage(x)
        const forward = [...attrs, attr.float('exponential_avg_factor', 1)]
        const results = runNative('FusedBatchNormV3', forward, [image, gamma, beta, empty, empty], 6)
        const [normal, batchMean, batchVariance, reserve1, reserve2, reserve3] = results as Six
        const y = parts.relu ? runNative1('Relu', [attr.type('T')], [normal]) : normal
        save([image, gamma, reserve1, reserve2, reserve3, ...(parts.relu ? [y] : [])])
        return [reshape(y, x.shape), withBias(batchMean, bias), batchVariance]
      },
      ([dy], saved) => nativeBackward(dy as Tensor, saved, attrs, parts, () => zeros([gamma.size])),
    ) as [Tensor, Tensor1D, Tensor1D]
    return { output, batch: { mean, variance } }
  },
  running: (parts) => {
    const { x, gamma, beta, bias, variance, epsilon } = parts
    const attrs = nativeAttrs(epsilon, false)
    const output = differentiable<Tensor>(
      { x, gamma, beta, ...(bias ? { bias } : {}) },
      (save) => {
        const mean = bias ? sub(parts.mean, bias) : parts.mean
        const image = asImage(x)
        const [normal] = runNative('FusedBatchNormV3', attrs, [image, gamma, beta, mean, variance], 6, 1) as [
          Tensor,
        ]
        const y = parts.relu ? runNative1('Relu', [attr.type('T')], [normal]) : normal
        save([image, gamma, mean, variance, zeros([0]), ...(parts.relu ? [y] : [])])
        return reshape(y, x.shape)
      },
      (dy, saved) =>
        nativeBackward(dy, saved, attrs, parts, (dx) => runNative1('BiasAddGrad', [attr.type('T')], [dx])),
    )
    return { output }
  },
}

type Six = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]

const nativeAttrs = (epsilon: number, training: boolean): readonly NativeAttr[] => [
  attr.type('T'),
  attr.type('U'),
  attr.float('epsilon', epsilon),
  attr.bool('is_training', training),
  attr.text('data_format', 'NHWC'),
]

/** One kernel gives all three gradients; `biasGrad` gets the gradient of x as an image. */
function nativeBackward(
  dy: Tensor,
  saved: Tensor[],
  attrs: readonly NativeAttr[],
  { x, relu: withRelu }: Parts,
  biasGrad: (dx: Tensor) => Tensor,
) {
  const [image, gamma, reserve1, reserve2, reserve3, y] = saved as Six
  const dyImage = asImage(dy)
  const dNormal = withRelu ? runNative1('ReluGrad', [attr.type('T')], [dyImage, y]) : dyImage
  const inputs = [dNormal, image, gamma, reserve1, reserve2, reserve3]
  const [dx, dGamma, dBeta] = runNative('FusedBatchNormGradV3', attrs, inputs, 5, 3) as [
    Tensor,
    Tensor,
    Tensor,
  ]
  if (withRelu) dNormal.dispose()
  return { x: () => reshape(dx, x.shape), gamma: () => dGamma, beta: () => dBeta, bias: () => biasGrad(dx) }
}

/** [..., channels] as the four axes that the kernels want. */
function asImage(x: Tensor): Tensor {
  if (x.rank === 4) return x
  const channels = x.shape[x.shape.length - 1] as number
  return reshape(x, [x.size / channels, 1, 1, channels])
}
