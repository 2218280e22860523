import { reshape, scalar } from '@tensorflow/tfjs-core'
import type { Model } from '../types.ts'
import type { Aliases } from './captures.ts'
import { named, withPaths } from './captures.ts'
import { chain } from './layers/chain.ts'
import { toColour } from './layers/channels.ts'
import type { Layer, Taken } from './layers/layer.ts'
import { adaptivePoolLayer } from './layers/pool.ts'
import { ONE_PIXEL, rowsOf } from './layer-table.ts'
import type { Shape3 } from './shape.ts'
import { classificationHead } from './vgg/classification-head.ts'
import { vggBlock } from './vgg/features.ts'
import type { Backbone } from './vgg/layout.ts'
import { vggModules } from './vgg/layout.ts'

export interface ClassificationCnnOptions {
  readonly backbone: Backbone
  readonly head: { readonly kind: 'dense' | 'conv'; readonly hidden: number; readonly dropout: number }
  readonly avgPool: boolean
  readonly classes: number
  readonly input: Shape3
  readonly aliases: Aliases
}

/** Side of the map that torchvision's VGG pools to. */
const POOLED_SIZE = 7

/** VGG for classification alone (`classification_cnn_builder`, also nntransfer's `vgg_builder`). */
export function classificationCnn(o: ClassificationCnnOptions): Model {
  const features = vggBlock({
    modules: vggModules(o.backbone),
    input: { ...o.input, channels: 3 },
    place: { name: 'features', torch: 'features', block: 'core' },
    dropout: 0,
  })
  const map = features.at(-1)?.output ?? o.input
  const pool: readonly Layer[] = o.avgPool
    ? [adaptivePoolLayer({ name: 'avgpool', torch: 'avgpool', block: 'core' }, map, POOLED_SIZE)]
    : []
  const head = classificationHead({
    ...o.head,
    input: pool.at(-1)?.output ?? map,
    classes: o.classes,
    place: { name: 'classifier', torch: 'classifier', block: 'readout' },
  })
  return feedforward([...features, ...pool], head, o.classes, o.aliases)
}

/** A classifier that is one chain of layers: a core with a receptive field, then a head. */
export function feedforward(
  core: readonly Layer[],
  head: readonly Layer[],
  classes: number,
  aliases: Aliases,
): Model {
  const run = chain([...core, ...head])
  const inner = rowsOf(core, ONE_PIXEL)
  const last = core.at(-1)
  const names: Aliases = { ...(last === undefined ? {} : { [last.name]: 'core' }), ...aliases }
  return {
    specs: run.layers.flatMap((l) => l.specs),
    layers: [...inner.rows, ...rowsOf(head).rows],
    ranges: new Map(),
    apply: (params, inputs, route, context) => {
      if (route.task !== 'img_classification') throw new RangeError(`the model has no ${route.task} readout`)
      const taken: Taken = new Map()
      const y = run.apply(toColour(inputs), params, withPaths(context, names), taken)
      return {
        output: reshape(y, [inputs.shape[0], classes]),
        representations: named(taken, context, names),
      }
    },
    penalty: () => scalar(0),
  }
}
