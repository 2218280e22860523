import type { Tensor4D } from '@tensorflow/tfjs-core'
import { backend_util, tensor4d } from '@tensorflow/tfjs-core'
import type { Shape4 } from './conv-gradients.ts'
import { wasmKernel } from './kernel.ts'

interface DepthwiseAttrs {
  readonly strides: number | [number, number]
  readonly pad: number | 'valid' | 'same' | backend_util.ExplicitPadding
  readonly dilations: number | [number, number]
  readonly inputShape: Shape4
  readonly filterShape: Shape4
}

/** Flat indices of the first channel that one tap of the filter brings together. */
type VisitTap = (xStart: number, filterStart: number, dyStart: number) => void

/** Visits every (output position, tap) pair whose input pixel lies inside the image. */
function visitTaps(g: backend_util.Conv2DInfo, visit: VisitTap): void {
  const multiplier = g.outChannels / g.inChannels
  for (let b = 0; b < g.batchSize; b++)
    for (let oy = 0; oy < g.outHeight; oy++)
      for (let ox = 0; ox < g.outWidth; ox++) {
        const dyStart = ((b * g.outHeight + oy) * g.outWidth + ox) * g.outChannels
        for (let ky = 0; ky < g.filterHeight; ky++) {
          const iy = oy * g.strideHeight - g.padInfo.top + ky * g.dilationHeight
          if (iy < 0 || iy >= g.inHeight) continue
          for (let kx = 0; kx < g.filterWidth; kx++) {
            const ix = ox * g.strideWidth - g.padInfo.left + kx * g.dilationWidth
            if (ix < 0 || ix >= g.inWidth) continue
            const xStart = ((b * g.inHeight + iy) * g.inWidth + ix) * g.inChannels
            visit(xStart, (ky * g.filterWidth + kx) * g.inChannels * multiplier, dyStart)
          }
        }
      }
}

const geometryOf = (
  x: Shape4,
  filter: Shape4,
  { strides, dilations, pad }: DepthwiseAttrs,
): backend_util.Conv2DInfo =>
  backend_util.computeConv2DInfo(x, filter, strides, dilations, pad, undefined, true)

/** Gradient of a depthwise convolution with respect to its filter, in plain loops: little arithmetic, no wasm kernel. */
export const depthwiseBackpropFilter = wasmKernel<{ x: Tensor4D; dy: Tensor4D }, DepthwiseAttrs>(
  'DepthwiseConv2dNativeBackpropFilter',
  ({ inputs: { x, dy }, attrs: options }) => {
    const g = geometryOf(x.shape, options.filterShape, options)
    const multiplier = g.outChannels / g.inChannels
    const [xs, dys] = [x.dataSync(), dy.dataSync()]
    const gradient = new Float32Array(g.filterHeight * g.filterWidth * g.outChannels)
    visitTaps(g, (xStart, filterStart, dyStart) => {
      for (let c = 0; c < g.outChannels; c++) {
        const pixel = xs[xStart + Math.trunc(c / multiplier)]!
        gradient[filterStart + c] = gradient[filterStart + c]! + pixel * dys[dyStart + c]!
      }
    })
    return tensor4d(gradient, options.filterShape)
  },
)

/** Gradient of a depthwise convolution with respect to its input, in plain loops. */
export const depthwiseBackpropInput = wasmKernel<{ dy: Tensor4D; filter: Tensor4D }, DepthwiseAttrs>(
  'DepthwiseConv2dNativeBackpropInput',
  ({ inputs: { dy, filter }, attrs: options }) => {
    const g = geometryOf(options.inputShape, filter.shape, options)
    const multiplier = g.outChannels / g.inChannels
    const [ws, dys] = [filter.dataSync(), dy.dataSync()]
    const gradient = new Float32Array(g.batchSize * g.inHeight * g.inWidth * g.inChannels)
    visitTaps(g, (xStart, filterStart, dyStart) => {
      for (let c = 0; c < g.outChannels; c++) {
        const i = xStart + Math.trunc(c / multiplier)
        gradient[i] = gradient[i]! + ws[filterStart + c]! * dys[dyStart + c]!
      }
    })
    return tensor4d(gradient, options.inputShape)
  },
)
