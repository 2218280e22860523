import type { Layer } from '../layers/layer.ts'
import { convLayer } from '../layers/conv.ts'
import { denseLayer } from '../layers/dense.ts'
import { dropoutLayer, reluLayer } from '../layers/pointwise.ts'
import { globalMaxLayer } from '../layers/pool.ts'
import type { Place } from '../base/param-spec.ts'
import { constant, kaimingFanOut, normal, within } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'

export interface HeadOptions {
  readonly kind: 'dense' | 'conv'
  readonly input: Shape3
  readonly classes: number
  /** Units of the two hidden layers; 0: one linear layer. */
  readonly hidden: number
  readonly dropout: number
  readonly place: Place
}

/** Standard deviation of the first weights of VGG's linear layers (torchvision). */
const LINEAR_STD = 0.01
/** Published sequence: linear, ReLU, dropout, linear, ReLU, dropout, linear. */
const MODULES_PER_STAGE = 3

/** VGG's readout: three dense layers, or three 1x1 convolutions and the maximum over space. Output [1, 1, classes]. */
export function classificationHead(o: HeadOptions): readonly Layer[] {
  const widths = o.hidden === 0 ? [o.classes] : [o.hidden, o.hidden, o.classes]
  const layers: Layer[] = []
  let input = o.input
  widths.forEach((units, i) => {
    const number = 8 - (widths.length - 1 - i) // fc6, fc7, fc8 as in the original networks
    const at = i * MODULES_PER_STAGE
    const linear = headLayer(o.kind, within(o.place, `fc${number}`, String(at)), input, units)
    layers.push(linear)
    input = linear.output
    if (i === widths.length - 1) return
    layers.push(reluLayer(within(o.place, `relu${number}`, String(at + 1)), input))
    layers.push(dropoutLayer(within(o.place, `drop${number}`, String(at + 2)), input, o.dropout))
  })
  if (o.kind === 'conv') layers.push(globalMaxLayer(within(o.place, 'max', 'max'), input))
  return layers
}

function headLayer(kind: HeadOptions['kind'], place: Place, input: Shape3, units: number): Layer {
  return kind === 'dense'
    ? denseLayer(place, { input, units, init: normal(LINEAR_STD), biasInit: constant(0) })
    : convLayer(place, { input, channels: units, kernel: 1, bias: true, init: kaimingFanOut(1, units) })
}
