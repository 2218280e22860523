import type { Tensor1D } from '@tensorflow/tfjs-core'
import type { ForwardContext, ParamMap, ParamSpec } from '../../types.ts'
import type { Place } from '../param-spec.ts'
import { buffer, constant, parameter, valueOf } from '../param-spec.ts'
import type { Shape3 } from '../shape.ts'
import type { Layer } from './layer.ts'
import { batchNorm } from './ops.ts'

/** torch's BatchNorm2d default; added to the variance under the root. */
export const NORM_EPSILON = 1e-5
/** torch's default share of the batch in the running statistics. */
export const NORM_MOMENTUM = 0.1

export interface NormOptions {
  readonly input: Shape3
  readonly momentum?: number
  /** false: no scale and shift of its own. */
  readonly affine?: boolean
}

/** A batch norm that can be fused with the convolution before it. */
export interface NormLayer extends Layer {
  readonly norm: NormTensors
}

export interface NormTensors {
  readonly layer: string
  readonly gamma: string | null
  readonly beta: string | null
  readonly mean: string
  readonly variance: string
  readonly momentum: number
}

export const isNorm = (layer: Layer | undefined): layer is NormLayer => layer !== undefined && 'norm' in layer

/** Batch norm over batch and space: biased variance to normalise, unbiased in the running statistics. */
export function normLayer(place: Place, o: NormOptions): NormLayer {
  const { channels } = o.input
  const shape = [channels]
  const affine: readonly ParamSpec[] =
    o.affine === false
      ? []
      : [
          parameter(place, 'weight', { shape, init: constant(1), role: 'norm' }),
          parameter(place, 'bias', { shape, init: constant(0), role: 'norm' }),
        ]
  const mean = buffer(place, 'running_mean', { shape, init: constant(0), role: 'statistic' })
  const variance = buffer(place, 'running_var', { shape, init: constant(1), role: 'statistic' })
  const norm: NormTensors = {
    layer: place.name,
    gamma: affine[0]?.name ?? null,
    beta: affine[1]?.name ?? null,
    mean: mean.name,
    variance: variance.name,
    momentum: o.momentum ?? NORM_MOMENTUM,
  }
  return {
    name: place.name,
    torch: place.torch,
    kind: 'batch norm',
    block: place.block,
    specs: [...affine, mean, variance],
    output: o.input,
    multiplyAdds: o.input.height * o.input.width * channels,
    norm,
    apply: (x, params, context) => batchNorm(x, normValues(norm, params, context)),
  }
}

/** What the kernels need: affine values (null: 1 and 0), and either running statistics or where batch statistics go. */
export interface NormValues {
  readonly gamma: Tensor1D | null
  readonly beta: Tensor1D | null
  readonly mean: Tensor1D
  readonly variance: Tensor1D
  readonly epsilon: number
  readonly useBatch: boolean
  readonly onStatistics?: (mean: Tensor1D, unbiasedVariance: Tensor1D) => void
}

export function normValues(norm: NormTensors, params: ParamMap, context: ForwardContext): NormValues {
  const useBatch = context.training && !context.frozenNorms.has(norm.layer)
  const report = context.onStatistics
  return {
    gamma: norm.gamma === null ? null : valueOf<Tensor1D>(params, norm.gamma),
    beta: norm.beta === null ? null : valueOf<Tensor1D>(params, norm.beta),
    mean: valueOf<Tensor1D>(params, norm.mean),
    variance: valueOf<Tensor1D>(params, norm.variance),
    epsilon: NORM_EPSILON,
    useBatch,
    ...(report === undefined || !useBatch
      ? {}
      : {
          onStatistics: (mean: Tensor1D, variance: Tensor1D) => {
            report(norm.mean, mean, norm.momentum)
            report(norm.variance, variance, norm.momentum)
          },
        }),
  }
}

