import type { Tensor4D } from '@tensorflow/tfjs-core'
import { backend_util, tensor4d } from '@tensorflow/tfjs-core'
import { wasmKernel } from './kernel.ts'

interface PoolAttrs {
  readonly filterSize: number | [number, number]
  readonly strides: number | [number, number]
  readonly pad: number | 'valid' | 'same' | backend_util.ExplicitPadding
}

/**
 * Gradient of max pooling: dy goes to the first largest cell of its window. Replaces the kernel of the wasm backend,
 * which adds to memory that it has not cleared.
 */
export const maxPoolGrad = wasmKernel<{ dy: Tensor4D; input: Tensor4D }, PoolAttrs>(
  'MaxPoolGrad',
  ({ inputs: { dy, input }, attrs: { filterSize, strides, pad } }) => {
    const g = backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad)
    const [xs, dys] = [input.dataSync(), dy.dataSync()]
    const gradient = new Float32Array(xs.length)
    for (let b = 0, out = 0; b < g.batchSize; b++)
      for (let oy = 0; oy < g.outHeight; oy++)
        for (let ox = 0; ox < g.outWidth; ox++)
          for (let c = 0; c < g.inChannels; c++, out++) {
            const winner = largestOf(xs, g, b, oy, ox, c)
            if (winner >= 0) gradient[winner] = gradient[winner]! + dys[out]!
          }
    return tensor4d(gradient, input.shape)
  },
)

/** Flat index of the first largest cell of a window, -1 for a window wholly outside. */
function largestOf(
  xs: ArrayLike<number>,
  g: backend_util.Conv2DInfo,
  b: number,
  oy: number,
  ox: number,
  c: number,
): number {
  const top = oy * g.strideHeight - g.padInfo.top
  const left = ox * g.strideWidth - g.padInfo.left
  let winner = -1
  for (let y = Math.max(0, top); y < Math.min(g.inHeight, top + g.filterHeight); y++)
    for (let x = Math.max(0, left); x < Math.min(g.inWidth, left + g.filterWidth); x++) {
      const i = ((b * g.inHeight + y) * g.inWidth + x) * g.inChannels + c
      if (winner < 0 || xs[i]! > xs[winner]!) winner = i
    }
  return winner
}
