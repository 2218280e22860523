import type { Model } from '../../types.ts'
import type { Aliases } from '../layers/captures.ts'
import { feedforward } from './feedforward.ts'
import type { Layer } from '../layers/layer.ts'
import { adaptivePoolLayer } from '../layers/pool.ts'
import type { Shape3 } from '../base/shape.ts'
import { classificationHead } from '../vgg/classification-head.ts'
import { vggBlock } from '../vgg/features.ts'
import type { Backbone } from '../vgg/layout.ts'
import { vggModules } from '../vgg/layout.ts'

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
  return feedforward({
    core: [...features, ...pool],
    head,
    classes: o.classes,
    aliases: o.aliases,
    colour: true,
  })
}
