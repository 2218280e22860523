import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { depthwiseConv2d as coreDepthwise, tensor1d } from '@tensorflow/tfjs-core'
import { asOne } from '../trace/as-one.ts'
import type { ConvOptions } from './dilated.ts'
import { dilated, padEvenly } from './dilated.ts'
import { differentiable } from '../base/differentiable.ts'
import { attr, onNative, runNative1 } from '../base/native-ops.ts'
import type { DepthwiseShape } from './own-depthwise.ts'
import { ownDepthwise, ownDepthwiseFilterGrad, ownDepthwiseInputGrad } from './own-depthwise.ts'
import { routeOf } from '../base/routes.ts'

/** Convolves each channel of x [batch, height, width, channels] with its own kernels, weight [kh, kw, channels, multiplier]. */
export const depthwiseConv2d = (x: Tensor4D, weight: Tensor4D, options: ConvOptions = {}): Tensor4D =>
  asOne('depthwiseConv2d', { x, weight }, { ...options }, () => convolved(x, weight, options))

function convolved(x: Tensor4D, weight: Tensor4D, options: ConvOptions): Tensor4D {
  const { stride = 1, dilation = 1 } = options
  if (dilation > 1) return dilated(x, weight, options, depthwiseConv2d)
  const padded = padEvenly(x, options)
  return onNative() ? nativeDepthwise(padded, weight, stride) : coreDepthwise(padded, weight, stride, 'valid')
}

function nativeDepthwise(x: Tensor4D, weight: Tensor4D, stride: number): Tensor4D {
  const attrs = [
    attr.type('T'),
    attr.int('strides', [1, stride, stride, 1]),
    attr.int('dilations', [1, 1, 1, 1]),
    attr.text('padding', 'VALID'),
    attr.text('data_format', 'NHWC'),
  ]
  const sizes = (shape: readonly number[]): Tensor => tensor1d([...shape], 'int32')
  const shape: DepthwiseShape = { x: x.shape, weight: weight.shape, padding: [0, 0], stride }
  return differentiable<Tensor4D, [Tensor4D, Tensor4D]>(
    { x, weight },
    (save) => {
      save([x, weight])
      return routeOf('DepthwiseConv2dNative') === 'own'
        ? ownDepthwise(x, weight, shape)
        : runNative1('DepthwiseConv2dNative', attrs, [x, weight])
    },
    (dy, [savedX, savedWeight]) => ({
      x: () =>
        routeOf('DepthwiseConv2dNativeBackpropInput') === 'own'
          ? ownDepthwiseInputGrad(dy, savedWeight, shape)
          : runNative1('DepthwiseConv2dNativeBackpropInput', attrs, [sizes(x.shape), savedWeight, dy]),
      weight: () =>
        routeOf('DepthwiseConv2dNativeBackpropFilter') === 'own'
          ? ownDepthwiseFilterGrad(savedX, dy, shape)
          : runNative1('DepthwiseConv2dNativeBackpropFilter', attrs, [savedX, sizes(weight.shape), dy]),
    }),
  )
}
