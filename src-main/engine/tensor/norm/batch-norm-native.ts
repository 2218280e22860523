import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { add, div, mul, reshape, sqrt, sub, sum, zeros } from '@tensorflow/tfjs-core'
import type { NormImplementation, NormParts } from './batch-norm-parts.ts'
import { meanWithBias } from './batch-norm-parts.ts'
import type { LazyGrads } from '../base/differentiable.ts'
import { differentiable } from '../base/differentiable.ts'
import type { NativeAttr } from '../base/native-ops.ts'
import { attr, runNative, runNative1 } from '../base/native-ops.ts'
import { routeOf } from '../base/routes.ts'

/** Batch norm and ReLU by TensorFlow's fused kernels. */
export const nativeNorm: NormImplementation = {
  batch: (parts) => {
    const { x, gamma, beta, bias, epsilon } = parts
    const attrs = normAttrs(epsilon, true)
    const [output, mean, variance] = differentiable<[Tensor, Tensor1D, Tensor1D], Saved>(
      { x, gamma, beta, ...(bias ? { bias } : {}) },
      (save) => {
        const empty = zeros([0])
        const image = asImage(x)
        const forward = [...attrs, attr.float('exponential_avg_factor', 1)]
        const results = runNative<Normed>('FusedBatchNormV3', forward, [image, gamma, beta, empty, empty], 6)
        const [normal, batchMean, batchVariance, reserve1, reserve2, reserve3] = results
        const y = parts.relu ? runNative1('Relu', [attr.type('T')], [normal]) : normal
        save([image, gamma, reserve1, reserve2, reserve3, ...(parts.relu ? [y] : [])])
        // The kernel reports the variance over n - 1 but normalises by that over n, as PyTorch does.
        return [reshape(y, x.shape), meanWithBias(batchMean, bias), batchVariance]
      },
      ([dy], saved) => backward(dy, saved, attrs, parts, () => zeros([gamma.size])),
    )
    return { output, batch: { mean, variance } }
  },
  running: (parts) => {
    const { x, gamma, beta, bias, variance, epsilon } = parts
    const attrs = normAttrs(epsilon, false)
    const output = differentiable<Tensor, Saved>(
      { x, gamma, beta, ...(bias ? { bias } : {}) },
      (save) => {
        const mean = bias ? sub(parts.mean, bias) : parts.mean
        const image = asImage(x)
        const inputs = [image, gamma, beta, mean, variance]
        const [normal] = runNative<[Tensor]>('FusedBatchNormV3', attrs, inputs, 6, 1)
        const y = parts.relu ? runNative1('Relu', [attr.type('T')], [normal]) : normal
        save([image, gamma, mean, variance, zeros([0]), ...(parts.relu ? [y] : [])])
        return reshape(y, x.shape)
      },
      (dy, saved) =>
        routeOf('FusedBatchNormGradV3 (running statistics)') === 'own'
          ? backwardApart(dy, saved, parts)
          : backward(dy, saved, attrs, parts, biasGrad),
    )
    return { output }
  },
}

const biasGrad = (dx: Tensor): Tensor =>
  routeOf('BiasAddGrad') === 'own' ? sum(dx, [0, 1, 2]) : runNative1('BiasAddGrad', [attr.type('T')], [dx])

/** Result, mean, variance, and three that only the gradient reads. */
type Normed = [Tensor, Tensor1D, Tensor1D, Tensor, Tensor, Tensor]
/** Image, gamma, the three, and the result where a ReLU cut it. */
type Saved = [Tensor, Tensor1D, Tensor, Tensor, Tensor, ...Tensor[]]

const normAttrs = (epsilon: number, training: boolean): readonly NativeAttr[] => [
  attr.type('T'),
  attr.type('U'),
  attr.float('epsilon', epsilon),
  attr.bool('is_training', training),
  attr.text('data_format', 'NHWC'),
]

/** One kernel gives all three gradients; `biasGrad` gets the gradient of x as an image. */
function backward(
  dy: Tensor,
  saved: Saved,
  attrs: readonly NativeAttr[],
  { x, relu }: NormParts,
  biasGrad: (dx: Tensor) => Tensor,
): LazyGrads {
  const [image, gamma, reserve1, reserve2, reserve3, y] = saved
  const dyImage = asImage(dy)
  const dNormal = relu && y ? runNative1('ReluGrad', [attr.type('T')], [dyImage, y]) : dyImage
  const inputs = [dNormal, image, gamma, reserve1, reserve2, reserve3]
  const [dx, dGamma, dBeta] = runNative<[Tensor, Tensor1D, Tensor1D]>(
    'FusedBatchNormGradV3',
    attrs,
    inputs,
    5,
    3,
  )
  if (relu) dNormal.dispose()
  return { x: () => reshape(dx, x.shape), gamma: () => dGamma, beta: () => dBeta, bias: () => biasGrad(dx) }
}

/**
 * The gradients with running statistics without their fused kernel, which TensorFlow refuses on a card that must repeat: the
 * statistics are constants, so that each value scales its own gradient alone.
 */
function backwardApart(dy: Tensor, saved: Saved, { x, relu, epsilon }: NormParts): LazyGrads {
  const [image, gamma, mean, variance, , y] = saved
  const dyImage = asImage(dy)
  const d = relu && y ? runNative1('ReluGrad', [attr.type('T')], [dyImage, y]) : dyImage
  const deviation = sqrt(add(variance, epsilon))
  const dx = mul(d, div(gamma, deviation))
  const perChannel = (t: Tensor): Tensor => sum(t, [0, 1, 2])
  return {
    x: () => reshape(dx, x.shape),
    gamma: () => perChannel(mul(d, div(sub(image, mean), deviation))),
    beta: () => perChannel(d),
    bias: () => biasGrad(dx),
  }
}

/** [..., channels] as the four axes that the kernels want. */
function asImage(x: Tensor): Tensor {
  if (x.rank === 4) return x
  const channels = x.shape[x.shape.length - 1]!
  return reshape(x, [x.size / channels, 1, 1, channels])
}
