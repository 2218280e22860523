import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { engine } from '@tensorflow/tfjs-core'
import type { ParamMap } from '../types.ts'

/** A value with its gradients; the caller owns all of them. */
export interface ValueAndGrads {
  readonly value: Scalar
  /** Gradients by name; a name that took no part is absent. */
  readonly grads: Map<string, Tensor>
}

/** Value of `f` and its gradients with respect to the named parameters. */
export function valueAndGrads(
  f: (params: ParamMap) => Scalar,
  params: ParamMap,
  trainable: readonly string[],
): ValueAndGrads {
  const xs = trainable.map((name) => {
    const x = params.get(name)
    if (x === undefined) throw new Error(`There is no parameter named ${name}`)
    return x
  })
  if (xs.length === 0) throw new Error('valueAndGrads needs at least one trainable parameter')
  try {
    const { value, grads } = engine().gradients(() => f(params), xs, undefined, true)
    const found = trainable.map((name, i) => [name, grads[i]] as const)
    return {
      value: value,
      grads: new Map(found.filter((e): e is [string, Tensor] => e[1] !== undefined)),
    }
  } catch (error) {
    releaseTape()
    throw error
  }
}

/** TensorFlow.js frees what operations saved for their gradients only when the backward pass has ended well. */
function releaseTape(): void {
  const { state } = engine() as unknown as {
    state: { activeTape: { saved: Tensor[] }[] | null; gradientDepth: number }
  } // the public type hides the state
  if (state.gradientDepth !== 0) return
  state.activeTape?.forEach((entry) => entry.saved.forEach((saved) => saved.dispose()))
  state.activeTape = null
}
