import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import { div, fill, mul, registerGradient, reshape, util } from '@tensorflow/tfjs-core'

/** A gradient of a reduction at each place of what was reduced, spread by the backend. */
function spread(dy: Tensor, { shape }: Tensor, axes: readonly number[]): Tensor {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return mul(fill(shape, 1), reshape(dy, kept))
}

const axesOf = (attrs: Parameters<GradConfig['gradFunc']>[2], { shape }: Tensor): readonly number[] =>
  util.parseAxisParam(attrs['axis'] as number | number[], shape) // as both operations have it

const sumGradient: GradConfig = {
  kernelName: 'Sum',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attrs) => ({ x: () => spread(dy as Tensor, x!, axesOf(attrs, x!)) }),
}

const meanGradient: GradConfig = {
  kernelName: 'Mean',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attrs) => {
    const axes = axesOf(attrs, x!)
    const count = axes.reduce((product, axis) => product * x!.shape[axis]!, 1)
    return { x: () => spread(div(dy as Tensor, count), x!, axes) }
  },
}

/**
 * Replaces the gradients of `sum` and `mean`: those of TensorFlow.js fill an array of ones as large as the input in JavaScript, a quarter of
 * a step of a squeeze-excitation core. The numbers are the same, bit for bit.
 */
export function registerReductionGradients(): void {
  registerGradient(sumGradient)
  registerGradient(meanGradient)
}
