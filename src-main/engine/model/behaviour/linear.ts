import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { dense } from '../../tensor/index.ts'
import type { Init, ParamMap, ParamSpec } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import { parameter, torchDefault, valueOf } from '../base/param-spec.ts'

/** A small linear layer on vectors. */
export interface Linear {
  readonly weight: ParamSpec
  readonly specs: readonly ParamSpec[]
  apply(x: Tensor2D, params: ParamMap): Tensor2D
}

/** torch's linear layer, with its default initialisation unless given another. */
export function linear(
  place: Place,
  inputs: number,
  outputs: number,
  bias: boolean,
  init: Init = torchDefault(inputs),
): Linear {
  const weight = parameter(place, 'weight', {
    shape: [inputs, outputs],
    init,
    role: 'weight',
    layout: { kind: 'dense' },
  })
  const offset = bias ? parameter(place, 'bias', { shape: [outputs], init, role: 'bias' }) : null
  return {
    weight,
    specs: offset === null ? [weight] : [weight, offset],
    apply: (x, params) => {
      const b = offset === null ? {} : { bias: valueOf<Tensor1D>(params, offset.name) }
      return dense(x, valueOf<Tensor2D>(params, weight.name), b)
    },
  }
}
