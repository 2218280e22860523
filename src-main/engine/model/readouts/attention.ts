import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { matMul, mul, reshape, softmax, sum, transpose } from '@tensorflow/tfjs-core'
import type { ParamSpec } from '../../types.ts'
import type { Layer } from '../layers/layer.ts'
import { chain } from '../layers/chain.ts'
import { convLayer } from '../layers/conv.ts'
import { normLayer } from '../layers/norm.ts'
import { eluLayer } from '../layers/pointwise.ts'
import type { Place } from '../base/param-spec.ts'
import { normal, parameter, valueOf, within, xavierNormal } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import { addBias, biasSpec, l1, pickUnits, readoutRow } from './features.ts'
import type { Readout, ReadoutSite, Reduction } from './readout.ts'

export interface AttentionReadoutOptions {
  readonly initNoise: number
  readonly layers: number
  readonly kernel: number
  readonly bias: boolean
  readonly gamma: number
  readonly reduction?: Reduction
}

/** Each unit averages the map under an attention mask that depends on the image (`AttentionReadout` of neuralpredictors). */
export function attentionReadout(site: ReadoutSite, o: AttentionReadoutOptions): Readout {
  const { place, units, input } = site
  const features = parameter(place, 'features', {
    shape: [units, input.channels],
    init: normal(o.initNoise),
    role: 'features',
  })
  const network = chain(smallNetwork(within(place, 'attention'), input, { ...o, outputs: units }))
  const bias = o.bias ? biasSpec(site) : null
  const specs: readonly ParamSpec[] = [
    features,
    ...(bias === null ? [] : [bias]),
    ...network.layers.flatMap((l) => l.specs),
  ]
  const work = network.layers.reduce((total, l) => total + l.multiplyAdds, 0)
  return {
    specs,
    ranges: new Map(),
    row: readoutRow(
      site,
      'attention readout',
      specs,
      work + units * input.channels * input.height * input.width,
    ),
    apply: (map, params, context, call) => {
      if (context.shift !== undefined) throw new RangeError('an attention readout cannot follow the gaze')
      const [batch, height, width, channels] = map.shape
      const scores = pickUnits(network.apply(map, params, context, new Map()), call?.units, 3) // [B, h, w, n]
      const masks = softmax(byUnit(scores)) // [B, n, cells]
      const seen = matMul(masks, reshape(map, [batch, height * width, channels])) // [B, n, C]
      const weights = pickUnits(valueOf<Tensor2D>(params, features.name), call?.units, 0)
      const offset = bias === null ? null : pickUnits(valueOf<Tensor1D>(params, bias.name), call?.units, 0)
      return addBias(sum<Tensor2D>(mul(seen, weights), 2), offset)
    },
    penalty: (params) => mul(l1(valueOf(params, features.name), o.reduction ?? 'sum'), o.gamma),
  }
}

const byUnit = (scores: Tensor4D): Tensor3D =>
  transpose(reshape(scores, [scores.shape[0], scores.shape[1] * scores.shape[2], scores.shape[3]]), [0, 2, 1])

export interface SmallNetworkOptions {
  readonly layers: number
  readonly kernel: number
  readonly outputs: number
  /** Zeros around the map of each convolution; half a kernel unless given. */
  readonly pad?: number
}

/** Convolutions with batch norm and ELU between them, as the published readouts carry; the last one has the given outputs. */
export function smallNetwork(place: Place, input: Shape3, o: SmallNetworkOptions): readonly Layer[] {
  const layers: Layer[] = []
  const shape = (): Shape3 => layers.at(-1)?.output ?? input
  const conv = (name: string, channels: number): Layer =>
    convLayer(within(place, name), {
      input: shape(),
      channels,
      kernel: o.kernel,
      pad: o.pad ?? (o.kernel > 1 ? 1 : 0),
      bias: true,
      init: xavierNormal(o.kernel ** 2 * shape().channels, o.kernel ** 2 * channels),
    })
  for (let i = 0; i < o.layers - 1; i++) {
    layers.push(conv(`conv${i}`, input.channels))
    layers.push(normLayer(within(place, `norm${i}`), { input: shape() }))
    layers.push(eluLayer(within(place, `nonlin${i}`), shape()))
  }
  layers.push(conv(`conv${o.layers}`, o.outputs))
  return layers
}
