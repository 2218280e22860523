import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { mean, mul, reshape, sigmoid } from '@tensorflow/tfjs-core'
import { dense } from '../../tensor/index.ts'
import type { ParamSpec } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import { parameter, torchDefault, valueOf, within } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import type { Layer } from './layer.ts'

/** Squeeze and excitation (Hu et al. 2018): channels scaled by a gate computed from their means. */
export function squeezeExcitationLayer(place: Place, input: Shape3, reduction: number): Layer {
  const { channels } = input
  const hidden = Math.max(1, Math.floor(channels / reduction))
  const [w1, b1] = linear(within(place, 'se.1'), channels, hidden)
  const [w2, b2] = linear(within(place, 'se.3'), hidden, channels)
  return {
    name: place.name,
    torch: place.torch,
    kind: 'squeeze excitation',
    block: place.block,
    specs: [w1, b1, w2, b2],
    output: input,
    multiplyAdds: 2 * channels * hidden + input.height * input.width * channels,
    apply: (x, params) => {
      const value = <T extends Tensor1D | Tensor2D>(spec: ParamSpec): T => valueOf<T>(params, spec.name)
      const squeezed = mean<Tensor2D>(x, [1, 2])
      const inner = dense(squeezed, value<Tensor2D>(w1), { bias: value<Tensor1D>(b1), activation: 'relu' })
      const gate = sigmoid(dense(inner, value<Tensor2D>(w2), { bias: value<Tensor1D>(b2) }))
      return mul<Tensor4D>(x, reshape(gate, [x.shape[0], 1, 1, channels]))
    },
  }
}

function linear(place: Place, inputs: number, outputs: number): readonly [ParamSpec, ParamSpec] {
  const init = torchDefault(inputs)
  return [
    parameter(place, 'weight', { shape: [inputs, outputs], init, role: 'weight', layout: { kind: 'dense' } }),
    parameter(place, 'bias', { shape: [outputs], init, role: 'bias' }),
  ]
}
