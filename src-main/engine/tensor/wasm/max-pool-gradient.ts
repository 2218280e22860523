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
        for (let ox = 0; ox < g.outWidth; ox++, out += g.inChannels)
          addWindow({ xs, dys, gradient, out }, windowOf(g, b, oy, ox), g.inChannels)
    return tensor4d(gradient, input.shape)
  },
)

/** Flat index of the first cell of a window within the image, its cells per row, its rows, and from row to row. */
interface Window {
  readonly first: number
  readonly columns: number
  readonly rows: number
  readonly line: number
}

function windowOf(g: backend_util.Conv2DInfo, b: number, oy: number, ox: number): Window {
  const top = oy * g.strideHeight - g.padInfo.top
  const left = ox * g.strideWidth - g.padInfo.left
  const [y, x] = [Math.max(0, top), Math.max(0, left)]
  return {
    first: ((b * g.inHeight + y) * g.inWidth + x) * g.inChannels,
    columns: Math.min(g.inWidth, left + g.filterWidth) - x,
    rows: Math.min(g.inHeight, top + g.filterHeight) - y,
    line: g.inWidth * g.inChannels,
  }
}

interface Maps {
  readonly xs: ArrayLike<number>
  readonly dys: ArrayLike<number>
  readonly gradient: Float32Array
  /** Where the gradients of this window begin. */
  readonly out: number
}

/** Adds the gradient of each channel at the first largest cell; a window wholly outside has none. */
function addWindow({ xs, dys, gradient, out }: Maps, window: Window, channels: number): void {
  const { first, columns, rows, line } = window
  if (columns <= 0 || rows <= 0) return
  for (let c = 0; c < channels; c++) {
    let winner = first + c
    let largest = xs[winner]!
    for (let y = 0, at = first + c; y < rows; y++, at += line)
      for (let x = 0, i = at; x < columns; x++, i += channels)
        if (xs[i]! > largest) {
          largest = xs[i]!
          winner = i
        }
    gradient[winner]! += dys[out + c]!
  }
}
