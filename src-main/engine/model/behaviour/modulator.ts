import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import { add, concat, elu, mean, mul, relu } from '@tensorflow/tfjs-core'
import { magnitude } from '../../tensor/index.ts'
import type { ParamMap, ParamSpec } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import { valueOf, within } from '../base/param-spec.ts'
import { linear } from './linear.ts'

/** Scales what a readout says by behaviour [B, k], before the output nonlinearity. */
export interface Modulator {
  readonly specs: readonly ParamSpec[]
  /** Gains [B, numbers * units]. */
  gain(behavior: Tensor2D, params: ParamMap): Tensor2D
  penalty(params: ParamMap): Scalar
}

export interface MlpModulatorOptions {
  readonly inputs: number
  readonly hidden: number
  readonly layers: number
  readonly units: number
  readonly bias: boolean
  readonly gamma: number
  /** `relu_elu1` as published: a ReLU before ELU + 1, so gains never fall below 1. `elu1` leaves it out. */
  readonly gain: 'relu_elu1' | 'elu1'
  /** Networks, one for each number that the encoder takes from the readout. */
  readonly outputs: number
}

/** One network per modulated number (`MLPModulator` of neuralpredictors); penalty on the weights of its last layer. */
export function mlpModulator(place: Place, o: MlpModulatorOptions): Modulator {
  const networks = Array.from({ length: o.outputs }, (_, n) => {
    const widths = [o.inputs, ...Array<number>(o.layers - 1).fill(o.hidden), o.units]
    return widths
      .slice(1)
      .map((out, i) => linear(within(place, `modulator_networks.${n}.${2 * i}`), widths[i]!, out, o.bias))
  })
  const gainOf = (layers: (typeof networks)[number], behavior: Tensor2D, params: ParamMap): Tensor2D => {
    const last = layers.length - 1
    const z = layers.reduce<Tensor2D>((x, layer, i) => {
      const y = layer.apply(x, params)
      return i < last || o.gain === 'relu_elu1' ? relu(y) : y
    }, behavior)
    return add(elu(z), 1)
  }
  return {
    specs: networks.flat().flatMap((l) => l.specs),
    gain: (behavior, params) => {
      const gains = networks.map((layers) => gainOf(layers, behavior, params))
      return gains.length === 1 ? gains[0]! : concat(gains, 1)
    },
    penalty: (params) => {
      const weights = networks.map((layers) => layers.at(-1)?.weight.name ?? '')
      const sizes = weights.map((name) => mean<Scalar>(magnitude(valueOf<Tensor2D>(params, name))))
      return mul(
        sizes.reduce((a, b) => add(a, b)),
        o.gamma,
      )
    },
  }
}
