import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { addN, matMul, pad, reshape, slice, stack } from '@tensorflow/tfjs-core'
import type { Tap } from './strided-taps.ts'
import { putTap, takeTap } from './strided-taps.ts'

/** Sizes of a convolution without dilation: zeros around, step, input and kernel. */
export interface ConvShape {
  readonly x: readonly [batch: number, height: number, width: number, channels: number]
  readonly weight: readonly [kh: number, kw: number, channels: number, out: number]
  readonly padding: readonly [vertical: number, horizontal: number]
  readonly stride: number
}

/** Convolution as a sum over the taps of matrix products: no kernel for convolutions takes part. */
export function ownConv2d(x: Tensor4D, weight: Tensor4D, shape: ConvShape): Tensor4D {
  const padded = padded2d(x, shape)
  const parts = tapsOf(shape).map((tap, i) => matMul(rowsOf(takeTap(padded, tap)), tapWeight(weight, i)))
  return imageOf(addN(parts), shape)
}

/** Gradient of the convolution with respect to x. */
export function ownConv2dInputGrad(dy: Tensor4D, weight: Tensor4D, shape: ConvShape): Tensor4D {
  const [batch, height, width, channels] = shape.x
  const [vertical, horizontal] = shape.padding
  const size = [height + 2 * vertical, width + 2 * horizontal] as const
  const rows = rowsOf(dy)
  const parts = tapsOf(shape).map((tap, i) => {
    const back = matMul(rows, tapWeight(weight, i), false, true)
    return putTap(reshape(back, [batch, tap.height, tap.width, channels]), tap, size)
  })
  return slice(addN(parts), [0, vertical, horizontal, 0], [batch, height, width, channels])
}

/** Gradient of the convolution with respect to its weight. */
export function ownConv2dFilterGrad(x: Tensor4D, dy: Tensor4D, shape: ConvShape): Tensor4D {
  const padded = padded2d(x, shape)
  const rows = rowsOf(dy)
  const parts = tapsOf(shape).map((tap) => matMul(rowsOf(takeTap(padded, tap)), rows, true, false))
  return reshape(stack(parts), [...shape.weight])
}

/** [batch * height * width, channels] */
const rowsOf = (x: Tensor4D): Tensor2D => reshape(x, [x.size / x.shape[3], x.shape[3]])

/** One tap of a kernel as a matrix [channels, out]. */
function tapWeight(weight: Tensor4D, tap: number): Tensor2D {
  const [kh, kw, channels, out] = weight.shape
  const all = reshape(weight, [kh * kw, channels, out])
  return reshape(slice(all, [tap, 0, 0], [1, channels, out]), [channels, out])
}

function imageOf(rows: Tensor, shape: ConvShape): Tensor4D {
  const { height, width } = outputSize(shape)
  return reshape(rows, [shape.x[0], height, width, shape.weight[3]])
}

/** x [batch, height, width, channels] with the zeros of a convolution around it. */
function padded2d(x: Tensor4D, { padding: [vertical, horizontal] }: Pick<ConvShape, 'padding'>): Tensor4D {
  if (vertical === 0 && horizontal === 0) return x
  return pad(x, [[0, 0], [vertical, vertical], [horizontal, horizontal], [0, 0]]) // prettier-ignore
}

function outputSize({ x, weight, padding, stride }: ConvShape): { height: number; width: number } {
  const along = (size: number, around: number, kernel: number): number =>
    Math.floor((size + 2 * around - kernel) / stride) + 1
  return { height: along(x[1], padding[0], weight[0]), width: along(x[2], padding[1], weight[1]) }
}

/** Taps row by row. */
export function tapsOf(shape: ConvShape): readonly Tap[] {
  const [kh, kw] = shape.weight
  const size = outputSize(shape)
  return Array.from({ length: kh * kw }, (_, i) => ({
    ...size,
    top: Math.floor(i / kw),
    left: i % kw,
    stride: shape.stride,
  }))
}
