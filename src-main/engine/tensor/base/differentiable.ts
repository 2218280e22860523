import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core'
import { engine } from '@tensorflow/tfjs-core'

/** Keeps tensors for the backward pass; does nothing when no gradients are recorded. */
export type Save = (tensors: Tensor[]) => void
/** Gradient of one input, evaluated only when that input needs it. */
export type LazyGrads = Readonly<Record<string, () => Tensor>>

interface Engine {
  runKernelFunc(call: {
    forwardFunc: (backend: unknown, save: Save) => Tensor | Tensor[]
    backwardsFunc: (dy: Tensor | Tensor[], saved: Tensor[]) => LazyGrads
    inputs: NamedTensorMap
  }): Tensor | Tensor[]
}

/**
 * Runs an operation with a hand-written gradient. Unlike `tf.customGrad`, the gradient of an input that leads to no
 * trainable parameter is never computed. Nothing inside `forward` is recorded; `backward` gets the tensors saved there.
 */
export function differentiable<Out extends Tensor | Tensor[]>(
  inputs: NamedTensorMap,
  forward: (save: Save) => Out,
  backward: (dy: Out, saved: Tensor[]) => LazyGrads,
): Out {
  const core = engine() as unknown as Engine // runKernelFunc is what tf.customGrad calls; the public type hides it
  return core.runKernelFunc({
    forwardFunc: (_backend, save) => forward(save),
    backwardsFunc: (dy, saved) => backward(dy as Out, saved),
    inputs,
  }) as Out
}
