import type { Layer } from '../layers/layer.ts'
import { convLayer } from '../layers/conv.ts'
import { normLayer } from '../layers/norm.ts'
import { dropoutLayer, reluLayer } from '../layers/pointwise.ts'
import { maxPoolLayer } from '../layers/pool.ts'
import type { Place } from '../base/param-spec.ts'
import { constant, kaimingFanOut, within } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import type { VggModule } from './layout.ts'

const KERNEL = 3

export interface BlockOptions {
  readonly modules: readonly VggModule[]
  readonly input: Shape3
  /** Name of the block here and path of its sequence in the published model. */
  readonly place: Place
  /** Dropout after every ReLU; 0: none is inserted. */
  readonly dropout: number
}

/** A run of VGG modules as layers. Published indices count from 0 within the block, inserted dropout included. */
export function vggBlock(o: BlockOptions): readonly Layer[] {
  const layers: Layer[] = []
  let shape = o.input
  for (const module of o.modules) {
    const place = within(o.place, module.name, String(layers.length))
    const layer = moduleLayer(module, place, shape)
    layers.push(layer)
    shape = layer.output
    if (module.kind === 'relu' && o.dropout > 0) {
      const name = module.name.replace('relu', 'drop')
      layers.push(dropoutLayer(within(o.place, name, String(layers.length)), shape, o.dropout))
    }
  }
  return layers
}

function moduleLayer(module: VggModule, place: Place, input: Shape3): Layer {
  switch (module.kind) {
    case 'conv':
      return convLayer(place, {
        input,
        channels: module.channels,
        kernel: KERNEL,
        pad: 1,
        bias: true,
        init: kaimingFanOut(KERNEL, module.channels),
        biasInit: constant(0),
      })
    case 'norm':
      return normLayer(place, { input })
    case 'relu':
      return reluLayer(place, input)
    case 'pool':
      return maxPoolLayer(place, input, { afterRelu: true })
  }
}
