import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core'
import { engine } from '@tensorflow/tfjs-core'

/** Keeps tensors for the backward pass; does nothing when no gradients are recorded. */
export type Save<Saved extends Tensor[] = Tensor[]> = (tensors: Saved) => void
/** Gradient of one input, evaluated only when that input needs it. */
export type LazyGrads = Readonly<Record<string, () => Tensor>>

interface Engine {
  runKernelFunc<Out extends Tensor | Tensor[], Saved extends Tensor[]>(call: {
    forwardFunc: (backend: unknown, save: Save<Saved>) => Out
    backwardsFunc: (dy: Out, saved: Saved) => LazyGrads
    inputs: NamedTensorMap
  }): Out
}

/**
 * Runs an operation with a hand-written gradient. Unlike `tf.customGrad`, the gradient of an input that leads to no
 * trainable parameter is never computed. Nothing inside `forward` is recorded; `backward` gets the tensors saved there.
 */
export function differentiable<Out extends Tensor | Tensor[], Saved extends Tensor[] = Tensor[]>(
  inputs: NamedTensorMap,
  forward: (save: Save<Saved>) => Out,
  backward: (dy: Out, saved: Saved) => LazyGrads,
): Out {
  const core = engine() as unknown as Engine // runKernelFunc is what tf.customGrad calls; the public type hides it
  return core.runKernelFunc({
    forwardFunc: (_backend, save: Save<Saved>) => forward(save),
    backwardsFunc: backward,
    inputs,
  })
}
