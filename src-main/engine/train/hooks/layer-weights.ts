import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core'
import { abs, div, mul, softmax, stack, sum, tensor1d } from '@tensorflow/tfjs-core'
import type { ParamMap, ParamSpec } from '../../types.ts'

/** How the losses of several layers are combined (nntransfer): fixed weights, or weights that are learned. */
export type LayerWeighing = 'avg' | 'lin' | 'exp' | 'learned_softmax' | 'learned_normalized'

const NAME = 'representation_matching.layer_weights'

/** Whether a parameter is the weights of layers and none of the network. */
export const isLayerWeights = (name: string): boolean => name === NAME

const isLearned = (rule: LayerWeighing): boolean =>
  rule === 'learned_softmax' || rule === 'learned_normalized'

/** The learned weights of the layers, which start equal; none for fixed ones. */
export function layerWeightSpecs(
  options: { readonly representations: readonly string[]; readonly combine_losses: LayerWeighing } | null,
): readonly ParamSpec[] {
  if (options === null || !isLearned(options.combine_losses)) return []
  return [
    {
      name: NAME,
      shape: [options.representations.length],
      init: { kind: 'constant', value: 1 },
      kind: 'parameter',
      role: 'loss-weight',
      block: 'loss',
      frozen: false,
      torch: { name: NAME, layout: { kind: 'same' } },
    },
  ]
}

/** Fixed weight of layer i of n: equal, growing by one, or growing by e; they sum to 1. */
export function fixedLayerWeights(n: number, rule: 'avg' | 'lin' | 'exp'): readonly number[] {
  const raw = Array.from({ length: n }, (_, i) =>
    rule === 'avg' ? 1 : rule === 'lin' ? i + 1 : Math.exp(i + 1),
  )
  const total = raw.reduce((s, w) => s + w, 0)
  return raw.map((w) => w / total)
}

/** Weights of n layers, which sum to 1: the softmax of learned numbers, their sizes over the sum of sizes, or fixed. [n] */
export function layerWeights(n: number, rule: LayerWeighing, params: ParamMap): Tensor1D {
  if (rule === 'avg' || rule === 'lin' || rule === 'exp') return tensor1d([...fixedLayerWeights(n, rule)])
  const raw = params.get(NAME) as Tensor1D // training holds what layerWeightSpecs asked for
  return rule === 'learned_softmax' ? softmax(raw) : div(abs(raw), sum(abs(raw)))
}

/** Weighted sum of the losses of the layers. [] */
export const combined = (losses: readonly Scalar[], weights: Tensor1D): Scalar =>
  sum(mul(stack(losses as Scalar[]), weights))
