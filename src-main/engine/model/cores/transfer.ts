import { scalar } from '@tensorflow/tfjs-core'
import { chain } from '../layers/chain.ts'
import { toColour } from '../layers/channels.ts'
import type { Layer } from '../layers/layer.ts'
import { normLayer } from '../layers/norm.ts'
import { reluLayer } from '../layers/pointwise.ts'
import { ONE_PIXEL, rowsOf } from '../layers/layer-table.ts'
import type { Place } from '../base/param-spec.ts'
import { within } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import { vggBlock } from '../vgg/features.ts'
import type { Backbone } from '../vgg/layout.ts'
import { vggModules } from '../vgg/layout.ts'
import type { Core } from './core.ts'

export interface TransferCoreOptions {
  readonly backbone: Backbone
  /** Number of modules of the network that are kept. */
  readonly layers: number
  readonly fineTune: boolean
  readonly finalBatchNorm: boolean
  readonly finalNonlinearity: boolean
  readonly momentum: number
}

/** First modules of a VGG with a batch norm and ReLU behind them (`TransferLearningCore`); grey images become colour. No regulariser. */
export function transferCore(place: Place, input: Shape3, o: TransferCoreOptions): Core {
  const features = vggBlock({
    modules: vggModules(o.backbone).slice(0, o.layers),
    input: { ...input, channels: 3 },
    place: { ...within(place, 'TransferLearning'), frozen: !o.fineTune },
    dropout: 0,
  })
  const output = features.at(-1)?.output ?? input
  const tail: readonly Layer[] = [
    ...(o.finalBatchNorm
      ? [normLayer(within(place, 'OutBatchNorm'), { input: output, momentum: o.momentum })]
      : []),
    ...(o.finalNonlinearity ? [reluLayer(within(place, 'OutNonlin'), output)] : []),
  ]
  const run = chain([...features, ...tail])
  const { rows, field } = rowsOf(run.layers, ONE_PIXEL)
  return {
    specs: run.layers.flatMap((l) => l.specs),
    rows,
    output,
    ...(field === undefined ? {} : { field }),
    apply: (x, params, context, taken) => run.apply(toColour(x), params, context, taken),
    penalty: () => scalar(0),
  }
}
