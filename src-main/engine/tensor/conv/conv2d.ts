import type { Tensor4D } from '@tensorflow/tfjs-core'
import { conv2d as coreConv2d } from '@tensorflow/tfjs-core'
import { asOne } from '../trace/as-one.ts'
import type { ConvOptions } from './dilated.ts'
import { dilated, padEvenly } from './dilated.ts'
import { differentiable } from '../base/differentiable.ts'
import { isSame, nativeConv2d } from './native-conv2d.ts'
import { onNative } from '../base/native-ops.ts'
import { putTap, takeTap } from './strided-taps.ts'

/** Cross-correlation of x [batch, height, width, in] with weight [kh, kw, in, out], without bias. */
export const conv2d = (x: Tensor4D, weight: Tensor4D, options: ConvOptions = {}): Tensor4D =>
  asOne('conv2d', { x, weight }, { ...options }, () => convolved(x, weight, options))

function convolved(x: Tensor4D, weight: Tensor4D, options: ConvOptions): Tensor4D {
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
