import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { conv2d as coreConv2d, tensor1d } from '@tensorflow/tfjs-core'
import { convPrecision } from './conv-precision.ts'
import type { ConvOptions } from './dilated.ts'
import { dilated, padEvenly } from './dilated.ts'
import { differentiable } from './differentiable.ts'
import type { NativeAttr } from './native-ops.ts'
import { attr, DT_BFLOAT16, DT_FLOAT, onNative, runNative1 } from './native-ops.ts'
import type { ConvShape } from './own-conv2d.ts'
import { ownConv2d, ownConv2dFilterGrad, ownConv2dInputGrad } from './own-conv2d.ts'
import { routeOf } from './routes.ts'
import { putTap, takeTap } from './strided-taps.ts'

/** Cross-correlation of x [batch, height, width, in] with weight [kh, kw, in, out], without bias. */
export function conv2d(x: Tensor4D, weight: Tensor4D, options: ConvOptions = {}): Tensor4D {
  const { stride = 1, dilation = 1 } = options
  // No gradient in TensorFlow.js knows dilation, and TensorFlow's CPU kernels know it with oneDNN only.
  if (dilation > 1) return dilated(x, weight, options, conv2d)
  // A kernel that is smaller than its step reads a part of the pixels: take those first, and no strided kernel is needed.
  if (stride > 1 && weight.shape[0] === 1 && weight.shape[1] === 1)
    return conv2d(everyNth(padEvenly(x, options), stride), weight)
  if (onNative()) return nativeConv2d(x, weight, options)
  if (isSame(weight, options)) return coreConv2d(x, weight, 1, 'same')
  return coreConv2d(padEvenly(x, options), weight, stride, 'valid')
}

/** Every n-th pixel of x [batch, height, width, channels] along both axes, the first included. */
function everyNth(x: Tensor4D, stride: number): Tensor4D {
  const [, rows, columns] = x.shape
  const tap = {
    ...{ top: 0, left: 0, stride },
    height: Math.floor((rows - 1) / stride) + 1,
    width: Math.floor((columns - 1) / stride) + 1,
  }
  return differentiable<Tensor4D>(
    { x },
    () => takeTap(x, tap),
    (dy) => ({ x: () => putTap(dy, tap, [rows, columns]) }),
  )
}

/** Whether even padding equals TensorFlow's SAME: odd kernel, stride 1, half the kernel on each side. */
function isSame(weight: Tensor4D, { stride = 1, padding = 0 }: ConvOptions): boolean {
  const [vertical, horizontal] = typeof padding === 'number' ? [padding, padding] : padding
  const half = (k: number): number => (k - 1) / 2
  return stride === 1 && vertical === half(weight.shape[0]) && horizontal === half(weight.shape[1])
}

function nativeAttrs(weight: Tensor4D, options: ConvOptions, dtype: number): readonly NativeAttr[] {
  const { stride = 1, padding = 0 } = options
  const [vertical, horizontal] = typeof padding === 'number' ? [padding, padding] : padding
  const none = vertical === 0 && horizontal === 0
  const kind = none ? 'VALID' : isSame(weight, options) ? 'SAME' : 'EXPLICIT'
  const common = [
    attr.type('T', dtype),
    attr.int('strides', [1, stride, stride, 1]),
    attr.int('dilations', [1, 1, 1, 1]),
    attr.text('padding', kind),
    attr.text('data_format', 'NHWC'),
    attr.bool('use_cudnn_on_gpu', true),
  ]
  if (kind !== 'EXPLICIT') return common
  return [...common, attr.int('explicit_paddings', [0, 0, vertical, vertical, horizontal, horizontal, 0, 0])]
}

function nativeConv2d(x: Tensor4D, weight: Tensor4D, options: ConvOptions): Tensor4D {
  const sizes = (shape: readonly number[]): Tensor => tensor1d(shape as number[], 'int32')
  const reduced = convPrecision() === 'bfloat16' && isEven(weight)
  const attrs = nativeAttrs(weight, options, reduced ? DT_BFLOAT16 : DT_FLOAT)
  const inside = (t: Tensor): Tensor => (reduced ? nativeCast(t, DT_FLOAT, DT_BFLOAT16) : t)
  const outside = (t: Tensor): Tensor => (reduced ? nativeCast(t, DT_BFLOAT16, DT_FLOAT) : t)
  const shape = shapeOf(x, weight, options)
  return differentiable<Tensor>(
    { x, weight },
    (save) => {
      const [innerX, innerWeight] = [inside(x), inside(weight)]
      save([innerX, innerWeight])
      if (routeOf('Conv2D') === 'own') return ownConv2d(x, weight, shape)
      return outside(runNative1('Conv2D', attrs, [innerX, innerWeight]))
    },
    (dy, saved) => {
      const d = inside(dy)
      const [innerX, innerWeight] = saved as [Tensor, Tensor]
      // Own routes compute in float32, from the numbers that the forward pass saw.
      const [seenX, seenWeight] = [() => outside(innerX) as Tensor4D, () => outside(innerWeight) as Tensor4D]
      return {
        x: () =>
          routeOf('Conv2DBackpropInput') === 'own'
            ? ownConv2dInputGrad(dy as Tensor4D, seenWeight(), shape)
            : outside(runNative1('Conv2DBackpropInput', attrs, [sizes(x.shape), innerWeight, d])),
        weight: () =>
          routeOf('Conv2DBackpropFilter') === 'own'
            ? ownConv2dFilterGrad(seenX(), dy as Tensor4D, shape)
            : outside(runNative1('Conv2DBackpropFilter', attrs, [innerX, sizes(weight.shape), d])),
      }
    },
  ) as Tensor4D
}

/** Layers with an odd number of channels stay float32: bfloat16 kernels were found to lose the last channel. */
const isEven = ({ shape: [, , inputs, outputs] }: Tensor4D): boolean => inputs % 2 === 0 && outputs % 2 === 0

function shapeOf(x: Tensor4D, weight: Tensor4D, { stride = 1, padding = 0 }: ConvOptions): ConvShape {
  const around = typeof padding === 'number' ? ([padding, padding] as const) : padding
  return { x: x.shape, weight: weight.shape, padding: around, stride }
}

/** TensorFlow.js has no name for bfloat16: such a tensor stays inside this file, where no other operation meets it. */
function nativeCast(t: Tensor, from: number, to: number): Tensor {
  return runNative1(
    'Cast',
    [attr.type('SrcT', from), attr.type('DstT', to), attr.bool('Truncate', false)],
    [t],
  )
}
