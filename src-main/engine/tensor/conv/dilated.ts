import type { Tensor4D } from '@tensorflow/tfjs-core'
import { batchToSpaceND, pad, reshape, slice, spaceToBatchND } from '@tensorflow/tfjs-core'

/** Geometry of a convolution in PyTorch's terms: zeros are added evenly on both sides. */
export interface ConvOptions {
  /** Step in both directions; default 1. */
  readonly stride?: number
  /** Zeros on each side, one number or [vertical, horizontal]; default 0. */
  readonly padding?: number | readonly [vertical: number, horizontal: number]
  /** Distance of neighbouring taps; default 1. */
  readonly dilation?: number
}

/** Adds `padding` zeros (or `value`) on each side of height and width. */
export function padEvenly(x: Tensor4D, { padding = 0 }: ConvOptions, value = 0): Tensor4D {
  const [vertical, horizontal] = typeof padding === 'number' ? [padding, padding] : padding
  if (vertical === 0 && horizontal === 0) return x
  const around: [number, number][] = [[0, 0], [vertical, vertical], [horizontal, horizontal], [0, 0]] // prettier-ignore
  return pad(x, around, value)
}

type Convolution = (x: Tensor4D, weight: Tensor4D, options: ConvOptions) => Tensor4D

/**
 * A dilated convolution by one without dilation. At stride 1 the image is split into dilation x dilation interleaved ones
 * (`spaceToBatchND`), 2 to 15 times faster than the kernel with zeros between its taps, which serves other strides.
 */
export function dilated(
  x: Tensor4D,
  weight: Tensor4D,
  options: ConvOptions,
  convolve: Convolution,
): Tensor4D {
  const { stride = 1, dilation = 1, padding = 0 } = options
  if (stride > 1) return convolve(x, spreadKernel(weight, dilation), { stride, padding })
  const [vertical, horizontal] = typeof padding === 'number' ? [padding, padding] : padding
  const rows = axis(x.shape[1], vertical, weight.shape[0], dilation)
  const columns = axis(x.shape[2], horizontal, weight.shape[1], dilation)
  const apart: Tensor4D = spaceToBatchND(x, [dilation, dilation], [rows.pads, columns.pads])
  const together: Tensor4D = batchToSpaceND(convolve(apart, weight, {}), [dilation, dilation], [[0, 0], [0, 0]]) // prettier-ignore
  return slice(together, [0, 0, 0, 0], [x.shape[0], rows.outputs, columns.outputs, together.shape[3]])
}

/** Zeros before and behind an axis, so that its length is a multiple of the dilation, and the outputs that count. */
function axis(size: number, zeros: number, kernel: number, dilation: number) {
  const length = size + 2 * zeros
  const rest = (dilation - (length % dilation)) % dilation
  return { pads: [zeros, zeros + rest], outputs: length - (kernel - 1) * dilation }
}

/** The kernel with dilation - 1 zeros between its taps. */
function spreadKernel(weight: Tensor4D, dilation: number): Tensor4D {
  const [kh, kw, cin, cout] = weight.shape
  const apart: [number, number][] = [[0, 0], [0, dilation - 1], [0, 0], [0, dilation - 1], [0, 0]] // prettier-ignore
  const wide = pad(reshape(weight, [kh, 1, kw, 1, cin * cout]), apart)
  const spread: Tensor4D = reshape(wide, [kh * dilation, kw * dilation, cin, cout])
  return slice(spread, [0, 0, 0, 0], [(kh - 1) * dilation + 1, (kw - 1) * dilation + 1, cin, cout])
}
