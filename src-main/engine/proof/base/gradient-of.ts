import type { Tensor } from '@tensorflow/tfjs-core'
import { engine } from '@tensorflow/tfjs-core'

/** Gradients of `f` with respect to each of `xs`, for the outer gradient dy. */
export function gradientsOf(f: () => Tensor, xs: readonly Tensor[], dy: Tensor): Tensor[] {
  return engine().gradients(f, [...xs], dy, true).grads
}

/** Gradient of `f` with respect to x, for the outer gradient dy. */
export const gradientOf = <T extends Tensor>(f: (x: T) => Tensor, x: T, dy: Tensor): Tensor =>
  gradientsOf(() => f(x), [x], dy)[0]!
