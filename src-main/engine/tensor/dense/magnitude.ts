import type { Tensor } from '@tensorflow/tfjs-core'
import { add, neg, relu } from '@tensorflow/tfjs-core'

/** |x| with the gradient that torch takes at 0, which is 0; the library's `abs` takes -1 there and would push values off it. */
export const magnitude = <T extends Tensor>(x: T): T => add<T>(relu(x), relu(neg(x)))
