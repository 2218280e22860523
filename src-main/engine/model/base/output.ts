import type { Tensor2D } from '@tensorflow/tfjs-core'
import { add, elu } from '@tensorflow/tfjs-core'

/** ELU(z + offset) + 1: positive responses; with offset -1 linear for z >= 1. */
export const eluResponse = (z: Tensor2D, offset: number): Tensor2D =>
  add(elu(offset === 0 ? z : add(z, offset)), 1)
