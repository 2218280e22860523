import type { Tensor2D } from '@tensorflow/tfjs-core'
import { reshape, scalar } from '@tensorflow/tfjs-core'
import type { Model } from '../../types.ts'
import type { Aliases } from '../layers/captures.ts'
import { named, withPaths } from '../layers/captures.ts'
import { chain } from '../layers/chain.ts'
import { toColour } from '../layers/channels.ts'
import type { Layer, Taken } from '../layers/layer.ts'
import { take } from '../layers/layer.ts'
import { ONE_PIXEL, rowsOf } from '../layers/layer-table.ts'

export interface FeedforwardParts {
  /** Layers that keep the image's two dimensions. */
  readonly core: readonly Layer[]
  readonly head: readonly Layer[]
  readonly classes: number
  readonly aliases: Aliases
  /** Repeat grey images to three channels. */
  readonly colour: boolean
}

/** A classifier that is one chain of layers: a core with a receptive field, then a head. */
export function feedforward({ core, head, classes, aliases, colour }: FeedforwardParts): Model {
  const inner = chain(core)
  const outer = chain(head)
  const table = rowsOf(core, ONE_PIXEL)
  return {
    specs: [...core, ...head].flatMap((l) => l.specs),
    layers: [...table.rows, ...rowsOf(head).rows],
    ranges: new Map(),
    apply: (params, inputs, route, context) => {
      if (route.task !== 'img_classification') throw new RangeError(`the model has no ${route.task} readout`)
      const at = withPaths(context, aliases)
      const taken: Taken = new Map()
      const map = inner.apply(colour ? toColour(inputs) : inputs, params, at, taken)
      take(taken, at, map, 'core')
      const logits: Tensor2D = reshape(outer.apply(map, params, at, taken), [inputs.shape[0], classes])
      return { output: logits, representations: named(taken, context, aliases) }
    },
    penalty: () => scalar(0),
  }
}
