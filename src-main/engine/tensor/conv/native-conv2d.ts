import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { tensor1d } from '@tensorflow/tfjs-core'
import { convPrecision } from './conv-precision.ts'
import type { ConvOptions } from './dilated.ts'
import { differentiable } from '../base/differentiable.ts'
import type { NativeAttr } from '../base/native-ops.ts'
import { attr, DT_BFLOAT16, DT_FLOAT, runNative1 } from '../base/native-ops.ts'
import type { ConvShape } from './own-conv2d.ts'
import { ownConv2d, ownConv2dFilterGrad, ownConv2dInputGrad } from './own-conv2d.ts'
import type { ConvSum } from '../base/routes.ts'
import { bfloat16Sums, convRoute, routeOf } from '../base/routes.ts'

interface Convolution {
  readonly shape: ConvShape
  /** TensorFlow's name of the padding, and the zeros of an explicit one. */
  readonly padding: readonly NativeAttr[]
}
/** Factors of a sum: image and kernel, gradient and kernel, or image and gradient. */
type Factors = readonly [Tensor4D, Tensor4D]

/** Convolution without dilation by the kernels of the library, in the format in force; even padding only. */
export function nativeConv2d(x: Tensor4D, weight: Tensor4D, options: ConvOptions): Tensor4D {
  const convolution = { shape: shapeOf(x, weight, options), padding: paddingOf(weight, options) }
  const isReduced = convPrecision() === 'bfloat16' && isEven(weight)
  const [inside, sum] = isReduced ? [shortened, sumOfShort] : [(t: Tensor4D) => t, sumOf]
  return differentiable<Tensor4D, [Tensor4D, Tensor4D]>(
    { x, weight },
    (save) => {
      const [innerX, innerWeight] = [inside(x), inside(weight)]
      save([innerX, innerWeight])
      return sum('Conv2D', [innerX, innerWeight], convolution)
    },
    (dy, [innerX, innerWeight]) => {
      const d = inside(dy)
      return {
        x: () => sum('Conv2DBackpropInput', [d, innerWeight], convolution),
        weight: () => sum('Conv2DBackpropFilter', [innerX, d], convolution),
      }
    },
  )
}

/** A sum of float32 factors: by the library, or by our own route where its kernel was found wrong. */
function sumOf(name: ConvSum, factors: Factors, convolution: Convolution): Tensor4D {
  if (wayOf(name, convolution) === 'library') return librarySum(name, factors, convolution, DT_FLOAT)
  const [a, b] = factors
  const own = { Conv2D: ownConv2d, Conv2DBackpropInput: ownConv2dInputGrad, Conv2DBackpropFilter: ownConv2dFilterGrad } // prettier-ignore
  return own[name](a, b, convolution.shape)
}

/**
 * A sum of bfloat16 factors as float32. Where the library adds up in bfloat16 or is wrong, the same factors are summed in
 * float32 and the sum is shortened: what a processor with such instructions gives.
 */
function sumOfShort(name: ConvSum, factors: Factors, convolution: Convolution): Tensor4D {
  if (wayOf(name, convolution) === 'library' && bfloat16Sums() === 'library')
    return widened(librarySum(name, factors, convolution, DT_BFLOAT16))
  const [a, b] = factors
  return widened(shortened(sumOf(name, [widened(a), widened(b)], convolution)))
}

const wayOf = (name: ConvSum, { shape: { weight } }: Convolution): 'library' | 'own' =>
  routeOf(convRoute(name, weight[2], weight[3]))

function librarySum(name: ConvSum, [a, b]: Factors, { shape, padding }: Convolution, dtype: number) {
  const attrs = [
    attr.type('T', dtype),
    attr.int('strides', [1, shape.stride, shape.stride, 1]),
    attr.int('dilations', [1, 1, 1, 1]),
    attr.text('data_format', 'NHWC'),
    attr.bool('use_cudnn_on_gpu', true),
    ...padding,
  ]
  const inputs = {
    Conv2D: () => [a, b],
    Conv2DBackpropInput: () => [sizes(shape.x), b, a],
    Conv2DBackpropFilter: () => [a, sizes(shape.weight), b],
  }
  return runNative1<Tensor4D>(name, attrs, inputs[name]())
}

const sizes = (shape: readonly number[]): Tensor => tensor1d([...shape], 'int32')

/** Layers with an odd number of channels stay float32: bfloat16 kernels were found to lose the last channel. */
const isEven = ({ shape: [, , inputs, outputs] }: Tensor4D): boolean => inputs % 2 === 0 && outputs % 2 === 0

function shapeOf(x: Tensor4D, weight: Tensor4D, options: ConvOptions): ConvShape {
  return { x: x.shape, weight: weight.shape, padding: aroundOf(options), stride: options.stride ?? 1 }
}

function paddingOf(weight: Tensor4D, options: ConvOptions): readonly NativeAttr[] {
  const [vertical, horizontal] = aroundOf(options)
  if (vertical === 0 && horizontal === 0) return [attr.text('padding', 'VALID')]
  if (isSame(weight, options)) return [attr.text('padding', 'SAME')]
  const zeros = [0, 0, vertical, vertical, horizontal, horizontal, 0, 0]
  return [attr.text('padding', 'EXPLICIT'), attr.int('explicit_paddings', zeros)]
}

const aroundOf = ({ padding = 0 }: ConvOptions): readonly [vertical: number, horizontal: number] =>
  typeof padding === 'number' ? [padding, padding] : padding

/** Whether even padding equals TensorFlow's SAME: odd kernel, stride 1, half the kernel on each side. */
export function isSame(weight: Tensor4D, options: ConvOptions): boolean {
  const [vertical, horizontal] = aroundOf(options)
  const half = (k: number): number => (k - 1) / 2
  return (
    (options.stride ?? 1) === 1 && vertical === half(weight.shape[0]) && horizontal === half(weight.shape[1])
  )
}

// TensorFlow.js has no name for bfloat16: such a tensor stays inside this file, where no other operation meets it.
const shortened = (t: Tensor4D): Tensor4D => cast(t, DT_FLOAT, DT_BFLOAT16)
const widened = (t: Tensor4D): Tensor4D => cast(t, DT_BFLOAT16, DT_FLOAT)

function cast(t: Tensor4D, from: number, to: number): Tensor4D {
  return runNative1(
    'Cast',
    [attr.type('SrcT', from), attr.type('DstT', to), attr.bool('Truncate', false)],
    [t],
  )
}
