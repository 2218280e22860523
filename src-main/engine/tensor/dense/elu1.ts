import type { Tensor } from '@tensorflow/tfjs-core'
import { add, elu } from '@tensorflow/tfjs-core'

/** ELU plus one: positive rates for predicted responses. */
export function elu1<T extends Tensor>(x: T): T {
  return add<T>(elu(x), 1)
}
