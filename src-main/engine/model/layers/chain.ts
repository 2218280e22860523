import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { ForwardContext, ParamMap } from '../../types.ts'
import type { Layer, Taken } from './layer.ts'
import { isWanted, take } from './layer.ts'
import { fuse } from './fused.ts'

/** Layers one behind the other, run with fused kernels where their inner results are not asked for. */
export interface Chain {
  readonly layers: readonly Layer[]
  apply(x: Tensor4D, params: ParamMap, context: ForwardContext, taken: Taken): Tensor4D
}

/**
 * Layers one behind the other on x [batch, height, width, channels]; neighbours run as one operation where nobody wants
 * what lies between them.
 */
export function chain(layers: readonly Layer[]): Chain {
  const steps = fuse(layers)
  return {
    layers,
    apply: (x, params, context, taken) => {
      let y = x
      for (const step of steps) {
        const inner = step.layers.slice(0, -1)
        if (inner.some((layer) => isWanted(layer, context))) {
          for (const layer of step.layers) y = applyOne(layer, y, params, context, taken)
        } else {
          y = step.apply(y, params, context)
          const last = step.layers.at(-1)
          if (last !== undefined) take(taken, context, y, last.name, last.torch)
        }
      }
      return y
    },
  }
}

function applyOne(
  layer: Layer,
  x: Tensor4D,
  params: ParamMap,
  context: ForwardContext,
  taken: Taken,
): Tensor4D {
  const y = layer.apply(x, params, context)
  take(taken, context, y, layer.name, layer.torch)
  return y
}
