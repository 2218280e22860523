import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import { batchNorm } from '../../tensor/index.ts'
import type { ForwardContext, ParamMap, ParamSpec } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import { buffer, constant, parameter, valueOf } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import type { Layer } from './layer.ts'

/** torch's default share of the batch in the running statistics. */
const NORM_MOMENTUM = 0.1

export interface NormOptions {
  readonly input: Shape3
  readonly momentum?: number
  /** Learned scale and shift, default both. One alone is a layer of its own in the published models (`scale`, `bias`). */
  readonly scale?: boolean
  readonly shift?: boolean
  /** First scale, default 1. */
  readonly startScale?: number
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

/** Whether a layer is a batch norm. */
export const isNorm = (layer: Layer | undefined): layer is NormLayer => layer !== undefined && 'norm' in layer

/** Batch norm over batch and space: biased variance to normalise, unbiased in the running statistics. */
export function normLayer(place: Place, o: NormOptions): NormLayer {
  const { channels } = o.input
  const shape = [channels]
  const { scale = true, shift: moved = true } = o
  const own = scale && moved
  const gamma = scale ? affineSpec(place, own ? 'weight' : 'scale', channels, o.startScale ?? 1, own) : null
  const beta = moved ? affineSpec(place, own ? 'bias' : 'shift', channels, 0, own) : null
  const mean = buffer(place, 'running_mean', { shape, init: constant(0), role: 'statistic' })
  const variance = buffer(place, 'running_var', { shape, init: constant(1), role: 'statistic' })
  const norm: NormTensors = {
    layer: place.name,
    gamma: gamma?.name ?? null,
    beta: beta?.name ?? null,
    mean: mean.name,
    variance: variance.name,
    momentum: o.momentum ?? NORM_MOMENTUM,
  }
  return {
    name: place.name,
    torch: place.torch,
    kind: 'batch norm',
    block: place.block,
    specs: [...[gamma, beta].filter((s) => s !== null), mean, variance],
    output: o.input,
    multiplyAdds: o.input.height * o.input.width * channels,
    norm,
    apply: (x, params, context) => applyNorm(norm, x, params, context),
  }
}

/** One affine tensor: of the norm itself, or of the published layer beside it that holds it alone. */
function affineSpec(place: Place, leaf: string, channels: number, value: number, own: boolean): ParamSpec {
  const spec = parameter(place, leaf, { shape: [channels], init: constant(value), role: 'norm' })
  if (own) return spec
  const beside = leaf === 'scale' ? 'scale.scale' : 'bias.bias'
  const name = place.torch.replace(/[^.]*$/, beside)
  return { ...spec, torch: { name, layout: { kind: 'reshape', shape: [1, channels, 1, 1] } } }
}

export interface NormCall {
  /** ReLU in the same kernel. */
  readonly relu?: boolean
  /** Bias of the convolution in front, left out there: without effect on batch statistics, counted with running ones. */
  readonly bias?: Tensor1D
}

/** Normalises with batch statistics in training, which it reports, else with running ones. */
export function applyNorm(
  norm: NormTensors,
  x: Tensor4D,
  params: ParamMap,
  context: ForwardContext,
  call: NormCall = {},
): Tensor4D {
  const useBatch = context.training && !context.frozenNorms.has(norm.layer)
  const { output, batch } = batchNorm(
    x,
    {
      ...(norm.gamma === null ? {} : { gamma: valueOf<Tensor1D>(params, norm.gamma) }),
      ...(norm.beta === null ? {} : { beta: valueOf<Tensor1D>(params, norm.beta) }),
      mean: valueOf<Tensor1D>(params, norm.mean),
      variance: valueOf<Tensor1D>(params, norm.variance),
    },
    {
      statistics: useBatch ? 'batch' : 'running',
      activation: call.relu === true ? 'relu' : 'none',
      ...(call.bias === undefined ? {} : { bias: call.bias }),
    },
  )
  if (batch !== undefined) {
    context.onStatistics?.(norm.mean, batch.mean, norm.momentum)
    context.onStatistics?.(norm.variance, batch.variance, norm.momentum)
  }
  return output
}
