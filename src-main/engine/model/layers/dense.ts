import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { reshape } from '@tensorflow/tfjs-core'
import type { Init, TorchLayout } from '../../types.ts'
import type { Place } from '../param-spec.ts'
import { constant, parameter, valueOf } from '../param-spec.ts'
import type { Shape3 } from '../shape.ts'
import type { Layer } from './layer.ts'
import { dense } from './ops.ts'

export interface DenseOptions {
  readonly input: Shape3
  readonly units: number
  readonly init: Init
  readonly biasInit?: Init
  readonly bias?: boolean
}

/**
 * Linear layer on the flattened input [1, 1, units]. Ours flattens height, width, channels; the published kernels of a
 * layer behind a feature map count channels first, which the exchange layout records.
 */
export function denseLayer(place: Place, o: DenseOptions): Layer {
  const { height, width, channels } = o.input
  const inputs = height * width * channels
  const layout: TorchLayout =
    height * width === 1 ? { kind: 'dense' } : { kind: 'flatten-dense', channels, height, width }
  const weight = parameter(place, 'weight', { shape: [inputs, o.units], init: o.init, role: 'weight', layout })
  const bias =
    o.bias === false ? null : parameter(place, 'bias', { shape: [o.units], init: o.biasInit ?? constant(0), role: 'bias' })
  return {
    name: place.name,
    torch: place.torch,
    kind: 'dense',
    block: place.block,
    specs: bias === null ? [weight] : [weight, bias],
    output: { height: 1, width: 1, channels: o.units },
    multiplyAdds: inputs * o.units,
    apply: (x, params) => {
      const flat = reshape(x, [-1, inputs]) as Tensor2D
      const b = bias === null ? null : valueOf<Tensor1D>(params, bias.name)
      return reshape(dense(flat, valueOf<Tensor2D>(params, weight.name), b), [-1, 1, 1, o.units])
    },
  }
}
