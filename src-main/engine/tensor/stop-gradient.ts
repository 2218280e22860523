import type { Tensor } from '@tensorflow/tfjs-core'
import { clone } from '@tensorflow/tfjs-core'
import { differentiable } from './base/differentiable.ts'

/** The same values, cut from the tape: no gradient flows back through the result. */
export function stopGradient<T extends Tensor>(x: T): T {
  return differentiable<T>(
    {},
    () => clone(x),
    () => ({}),
  )
}
