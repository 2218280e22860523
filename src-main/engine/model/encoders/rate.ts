import type { Tensor2D } from '@tensorflow/tfjs-core'
import { add, elu, exp, softplus } from '@tensorflow/tfjs-core'
import type { Encoder } from './encoder.ts'

export type OutputNonlinearity = 'elu' | 'identity' | 'exp' | 'softplus'

const OUTPUTS: Readonly<Record<OutputNonlinearity, (z: Tensor2D) => Tensor2D>> = {
  elu: (z) => add(elu(z), 1),
  identity: (z) => z,
  exp: (z) => exp(z),
  softplus: (z) => softplus(z),
}

/** One firing rate per unit (`FiringRateEncoder`): output(z + offset), for Poisson and squared-error losses. */
export const rateEncoder = (output: OutputNonlinearity, offset: number): Encoder => ({
  numbers: 1,
  session: () => ({ specs: [], respond: (z) => OUTPUTS[output](offset === 0 ? z : add(z, offset)) }),
})
