import type { Tensor4D } from '@tensorflow/tfjs-core'
import { relu, sigmoid, sin, tanh } from '@tensorflow/tfjs-core'
import type { Model } from '../../types.ts'
import { feedforward } from '../networks/feedforward.ts'
import { denseLayer } from '../layers/dense.ts'
import type { Layer } from '../layers/layer.ts'
import { dropoutLayer, pointwiseLayer } from '../layers/pointwise.ts'
import type { Place } from '../base/param-spec.ts'
import { torchDefault } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import { elements, shapeList } from '../base/shape.ts'

type MlpActivation = 'sigmoid' | 'tanh' | 'relu' | 'sin'

export interface MlpOptions {
  readonly input: Shape3
  readonly classes: number
  /** Number of hidden layers and their units. */
  readonly layers: number
  readonly size: number
  readonly activation: MlpActivation
  readonly dropout: number
}

const ACTIVATIONS: Readonly<Record<MlpActivation, (x: Tensor4D) => Tensor4D>> = {
  sigmoid: (x) => sigmoid(x),
  tanh: (x) => tanh(x),
  relu: (x) => relu(x),
  sin: (x) => sin(x),
}

/** Multi-layer perceptron of nntransfer on the flattened image; the last layer has no bias. */
export function mlp(o: MlpOptions): Model {
  const layers: Layer[] = []
  const shape = (): Shape3 => layers.at(-1)?.output ?? o.input
  const dense = (place: Place, units: number, bias: boolean): Layer => {
    const init = torchDefault(elements(shapeList(shape())))
    return denseLayer(place, { input: shape(), units, init, biasInit: init, bias })
  }
  // The published layers have no names but their position in one list, activations and dropout included.
  const at = (name: string): Place => ({ name, torch: `layers.${layers.length}`, block: 'readout' })
  for (let i = 1; i <= o.layers; i++) {
    layers.push(dense(at(`layer${i}`), o.size, true))
    layers.push(pointwiseLayer(at(`${o.activation}${i}`), o.activation, shape(), ACTIVATIONS[o.activation]))
    if (o.dropout > 0) layers.push(dropoutLayer(at(`dropout${i}`), shape(), o.dropout))
  }
  layers.push(dense(at('output'), o.classes, false))
  return feedforward({ core: [], head: layers, classes: o.classes, aliases: {}, colour: false })
}
