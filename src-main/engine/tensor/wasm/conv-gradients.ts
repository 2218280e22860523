import type { KernelConfig, Tensor4D } from '@tensorflow/tfjs-core'
import { backend_util, conv2d, pad, reshape, reverse, slice, tidy, transpose } from '@tensorflow/tfjs-core'

import { replaced, wasmKernel } from './kernel.ts'

export type Shape4 = [number, number, number, number]

interface ConvAttrs {
  readonly strides: number | [number, number]
  readonly pad: number | 'valid' | 'same' | backend_util.ExplicitPadding
  readonly inputShape: Shape4
  readonly filterShape: Shape4
}

/**
 * Gradient of a convolution with respect to its filter, which the wasm backend lacks: again a convolution, with input
 * channels as examples, examples as channels, dy as a filter as large as the image, and strides turned into dilations.
 */
export const conv2DBackpropFilter = wasmKernel<{ x: Tensor4D; dy: Tensor4D }, ConvAttrs>(
  'Conv2DBackpropFilter',
  ({ inputs: { x, dy }, attrs: { strides, pad: padding, filterShape } }) => {
    const g = backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, padding)
    return tidy(() => {
      const images = transpose(neededPixels(x, g), [3, 1, 2, 0]) // [in, height, width, batch]
      const filter = transpose(dy, [1, 2, 0, 3]) // [out height, out width, batch, out]
      const gradient = conv2d(images, filter, 1, 'valid', 'NHWC', [g.strideHeight, g.strideWidth])
      return transpose(gradient, [1, 2, 0, 3])
    })
  },
)

/** The padded image, cut to the pixels that some tap of some output position reads. */
function neededPixels(x: Tensor4D, g: backend_util.Conv2DInfo): Tensor4D {
  const height = (g.outHeight - 1) * g.strideHeight + g.filterHeight
  const width = (g.outWidth - 1) * g.strideWidth + g.filterWidth
  const { top, left } = g.padInfo
  const below = Math.max(0, height - top - g.inHeight)
  const right = Math.max(0, width - left - g.inWidth)
  const whole = pad(x, [[0, 0], [top, below], [left, right], [0, 0]]) // prettier-ignore
  return slice(whole, [0, 0, 0, 0], [-1, height, width, -1])
}

/**
 * Gradient of a convolution with respect to its input: at stride 1 the convolution of dy with the turned filter, several
 * times faster than the kernel of the wasm backend, which stays in charge of other strides.
 */
export function conv2DBackpropInput(): KernelConfig {
  return replaced<{ dy: Tensor4D; filter: Tensor4D }, ConvAttrs>(
    'Conv2DBackpropInput',
    ({ inputs: { dy, filter }, attrs: { strides, pad: padding, inputShape } }, original) => {
      const [kh, kw] = filter.shape
      const g = backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, padding)
      const { top, bottom, left, right } = g.padInfo
      const rows: [number, number] = [kh - 1 - top, kh - 1 - bottom]
      const columns: [number, number] = [kw - 1 - left, kw - 1 - right]
      const plain = g.strideHeight === 1 && g.strideWidth === 1 && Math.min(...rows, ...columns) >= 0
      if (!plain) return original()
      return tidy(() => conv2d(pad(dy, [[0, 0], rows, columns, [0, 0]]), turned(filter), 1, 'valid'))
    },
  )
}

/** The filter upside down and from right to left, with in and out exchanged. */
function turned(filter: Tensor4D): Tensor4D {
  const [kh, kw, cin, cout] = filter.shape
  const taps = reverse(reshape(filter, [kh * kw, cin, cout]), 0)
  return reshape(transpose(taps, [0, 2, 1]), [kh, kw, cout, cin])
}
