import type { Tensor4D } from '@tensorflow/tfjs-core'
import { pad, reshape, slice, stridedSlice } from '@tensorflow/tfjs-core'

/** The pixels that one tap of a sliding window reads: every `stride`-th from (top, left), `height` x `width` of them. */
export interface Tap {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
  readonly stride: number
}

/** Pixels of a tap. x [batch, h, w, channels] -> [batch, height, width, channels]; no gradient of its own. */
export function takeTap(x: Tensor4D, { top, left, height, width, stride }: Tap): Tensor4D {
  const [batch, , , channels] = x.shape
  if (stride === 1) return slice(x, [0, top, left, 0], [batch, height, width, channels])
  const end = [batch, top + (height - 1) * stride + 1, left + (width - 1) * stride + 1, channels]
  return stridedSlice(x, [0, top, left, 0], end, [1, stride, stride, 1]) as Tensor4D // the rank stays
}

/** The transpose of {@link takeTap}: values at the pixels of a tap, zeros elsewhere. [batch, rows, columns, channels] */
export function putTap(
  values: Tensor4D,
  { top, left, height, width, stride }: Tap,
  [rows, columns]: readonly [rows: number, columns: number],
): Tensor4D {
  const apart = stride === 1 ? values : spread(values, stride)
  const [tall, wide] = [(height - 1) * stride + 1, (width - 1) * stride + 1]
  const around: [number, number][] = [[0, 0], [top, rows - top - tall], [left, columns - left - wide], [0, 0]] // prettier-ignore
  return pad(apart, around)
}

/** stride - 1 zeros between neighbouring pixels. */
function spread(values: Tensor4D, stride: number): Tensor4D {
  const [batch, height, width, channels] = values.shape
  const gaps: [number, number][] = [[0, 0], [0, stride - 1], [0, 0], [0, (stride - 1) * channels]] // prettier-ignore
  const wide = pad(reshape(values, [batch * height, 1, width, channels]), gaps)
  const whole: Tensor4D = reshape(wide, [batch, height * stride, width * stride, channels])
  return slice(whole, [0, 0, 0, 0], [batch, (height - 1) * stride + 1, (width - 1) * stride + 1, channels])
}

/** The taps of a square window without padding, row by row; incomplete windows at the end are dropped. */
export function windowTaps(x: Tensor4D, size: number, stride: number): readonly Tap[] {
  const [, rows, columns] = x.shape
  const height = Math.floor((rows - size) / stride) + 1
  const width = Math.floor((columns - size) / stride) + 1
  return Array.from({ length: size * size }, (_, i) => ({
    top: Math.floor(i / size),
    left: i % size,
    height,
    width,
    stride,
  }))
}
