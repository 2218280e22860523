import type { Tensor1D } from '@tensorflow/tfjs-core'
import { valueOf } from '../base/param-spec.ts'
import type { ConvLayer } from './conv.ts'
import { convolve, isConv } from './conv.ts'
import type { DenseLayer } from './dense.ts'
import { applyDense, isDense } from './dense.ts'
import type { Layer } from './layer.ts'
import type { NormLayer } from './norm.ts'
import { applyNorm, isNorm } from './norm.ts'

/** Consecutive layers that run as one sequence of kernels; `apply` gives the output of the last. */
export interface FusedStep {
  readonly layers: readonly Layer[]
  readonly apply: Layer['apply']
}

/** Groups convolution + norm [+ ReLU], norm + ReLU and dense + ReLU; every other layer is a step of its own. */
export function fuse(layers: readonly Layer[]): readonly FusedStep[] {
  const steps: FusedStep[] = []
  for (let i = 0; i < layers.length;) {
    const step = stepAt(layers, i)
    steps.push(step)
    i += step.layers.length
  }
  return steps
}

const isRelu = (layer: Layer | undefined): boolean => layer?.kind === 'relu'

function stepAt(layers: readonly Layer[], i: number): FusedStep {
  const [first, second, third] = layers.slice(i, i + 3) as [Layer, Layer?, Layer?] // i is inside the list
  if (isConv(first) && isNorm(second)) return convNorm(first, second, isRelu(third) ? third : undefined)
  if (isNorm(first) && second !== undefined && isRelu(second)) return normRelu(first, second)
  if (isDense(first) && second !== undefined && isRelu(second)) return denseRelu(first, second)
  return { layers: [first], apply: first.apply }
}

function convNorm(conv: ConvLayer, norm: NormLayer, relu: Layer | undefined): FusedStep {
  const { bias } = conv.conv
  return {
    layers: relu === undefined ? [conv, norm] : [conv, norm, relu],
    apply: (x, params, context) =>
      applyNorm(norm.norm, convolve(conv.conv, x, params), params, context, {
        relu: relu !== undefined,
        ...(bias === null ? {} : { bias: valueOf<Tensor1D>(params, bias) }),
      }),
  }
}

const normRelu = (norm: NormLayer, relu: Layer): FusedStep => ({
  layers: [norm, relu],
  apply: (x, params, context) => applyNorm(norm.norm, x, params, context, { relu: true }),
})

const denseRelu = (dense: DenseLayer, relu: Layer): FusedStep => ({
  layers: [dense, relu],
  apply: (x, params) => applyDense(dense.dense, x, params, 'relu'),
})
