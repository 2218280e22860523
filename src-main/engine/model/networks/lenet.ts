import { reshape } from '@tensorflow/tfjs-core'
import type { Model } from '../../types.ts'
import { feedforward } from '../networks/feedforward.ts'
import { convLayer } from '../layers/conv.ts'
import { denseLayer } from '../layers/dense.ts'
import type { Layer } from '../layers/layer.ts'
import { locallyConnectedLayer } from '../layers/locally-connected.ts'
import { dropoutLayer, pointwiseLayer, reluLayer } from '../layers/pointwise.ts'
import { maxPoolLayer } from '../layers/pool.ts'
import type { Place } from '../base/param-spec.ts'
import { normal, torchDefault } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import { elements, shapeList } from '../base/shape.ts'

export interface LenetOptions {
  readonly input: Shape3
  readonly classes: number
  readonly dropout: number
  /** Convolutions, locally connected layers, or dense layers of the same sizes. */
  readonly core: 'conv' | 'lc' | 'fc'
}

const KERNEL = 3
const MAPS = [6, 16] as const
const HIDDEN = [120, 84] as const

const place = (name: string, block: string): Place => ({ name, torch: name, block })

/** LeNet-5 of nntransfer: two 3 x 3 layers with max pools, two hidden dense layers. */
export function lenet5(o: LenetOptions): Model {
  const core = MAPS.reduce<readonly Layer[]>((layers, maps, i) => {
    return [...layers, ...stage(layers.at(-1)?.output ?? o.input, maps, i + 1, o)]
  }, [])
  const head = denseHead(core.at(-1)?.output ?? o.input, HIDDEN, o)
  return feedforward({ core, head, classes: o.classes, aliases: {}, colour: false })
}

function stage(input: Shape3, maps: number, number: number, o: LenetOptions): readonly Layer[] {
  const at = (name: string): Place => place(`${name}${number}`, 'core')
  const fan = torchDefault(KERNEL * KERNEL * input.channels)
  const filtered = convLayer(at('conv'), {
    input,
    channels: maps,
    kernel: KERNEL,
    bias: true,
    init: fan,
    biasInit: fan,
  })
  const pool = maxPoolLayer(at('pool'), filtered.output, { afterRelu: true })
  if (o.core === 'fc') {
    const units = elements(shapeList(pool.output))
    const init = torchDefault(elements(shapeList(input)))
    // The published first layer flattens the image itself; from there on all is plain vectors.
    const here = number === 1 ? { ...at('conv'), torch: 'conv1.1' } : at('conv')
    const linear = denseLayer(here, { input, units, init, biasInit: init, plainVector: number > 1 })
    return [linear, ...active(at, linear.output, o.dropout), asMap(at('map'), pool.output)]
  }
  const first =
    o.core === 'conv'
      ? filtered
      : locallyConnectedLayer(at('conv'), { input, channels: maps, kernel: KERNEL, init: normal(1) })
  return [first, ...active(at, first.output, o.dropout), pool]
}

const active = (at: (name: string) => Place, shape: Shape3, dropout: number): readonly Layer[] => [
  reluLayer(at('relu'), shape),
  ...(dropout > 0 ? [dropoutLayer(at('dropout'), shape, dropout)] : []),
]

/** Gives a vector back the form of the map that it stands for. */
const asMap = (at: Place, shape: Shape3): Layer =>
  pointwiseLayer(at, 'reshape', shape, (x) =>
    reshape(x, [x.shape[0], shape.height, shape.width, shape.channels]),
  )

/** LeNet-300-100: two hidden dense layers on the flattened image. */
export const lenet300 = (o: Omit<LenetOptions, 'core'>): Model =>
  feedforward({
    core: [],
    head: denseHead(o.input, [300, 100], o),
    classes: o.classes,
    aliases: {},
    colour: false,
  })

function denseHead(
  input: Shape3,
  hidden: readonly number[],
  { classes, dropout, core }: Omit<LenetOptions, 'core'> & Partial<LenetOptions>,
): readonly Layer[] {
  const layers: Layer[] = []
  const widths = [...hidden, classes]
  widths.forEach((units, i) => {
    const from = layers.at(-1)?.output ?? input
    const at = (name: string): Place => place(`${name}${i + 1}`, 'readout')
    const init = torchDefault(elements(shapeList(from)))
    const plainVector = core === 'fc'
    const linear = denseLayer(at('fc'), { input: from, units, init, biasInit: init, plainVector })
    layers.push(linear)
    if (i < widths.length - 1)
      layers.push(...active((name) => place(`${name}_fc${i + 1}`, 'readout'), linear.output, dropout))
  })
  return layers
}
