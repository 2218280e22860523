import type { Tensor } from '@tensorflow/tfjs-core'
import { tensor, tensor4d } from '@tensorflow/tfjs-core'
import { depthwiseConv2d } from '../../tensor/index.ts'
import { coveringRows } from '../base/covering.ts'
import { gradientOf } from '../base/gradient-of.ts'
import type { PreparedCase, ProofCase, Right } from '../base/proof-case.ts'
import { byRule, sizeOf } from '../base/proof-case.ts'
import { numbers } from '../base/proof-numbers.ts'
import { rightConv, rightFilterGradient, rightInputGradient } from '../base/right-conv.ts'
import type { ConvShape, Window } from '../base/window.ts'
import { outputSide } from '../base/window.ts'

const FACTORS = {
  channels: [1, 2, 3, 5, 8, 16, 32, 64],
  kernel: [1, 3, 5, 7, 9, 13],
  stride: [1, 2],
  dilation: [1, 2],
  reach: [0, 1],
  batch: [1, 2, 15, 64],
  out: [2, 4, 9],
}
const MOST_PRODUCTS = 3e5

type Shape4 = [number, number, number, number]

interface DepthwiseShape extends Window {
  readonly batch: number
  readonly side: number
  readonly channels: number
}

const OPERATIONS = [
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
] as const
type DepthwiseOperation = (typeof OPERATIONS)[number]

/** Convolutions of each channel with a kernel of its own, forward and both gradients. */
export function depthwiseCases(): ProofCase[] {
  const rows = coveringRows(FACTORS, (row) => {
    const { side, batch, channels, kernel, dilation } = shapeOfRow(row)
    return side > 0 && batch * row.out ** 2 * ((kernel - 1) * dilation + 1) ** 2 * channels <= MOST_PRODUCTS
  })
  return rows
    .map(shapeOfRow)
    .flatMap((shape) => OPERATIONS.map((operation) => depthwiseCase(shape, operation)))
}

type FactorRow = { readonly [K in keyof typeof FACTORS]: number }

function shapeOfRow(row: FactorRow): DepthwiseShape {
  const { kernel, stride, dilation, reach, out } = row
  const padding = reach === 0 ? 0 : ((kernel - 1) * dilation) / 2
  return { ...row, padding, side: (out - 1) * stride + (kernel - 1) * dilation + 1 - 2 * padding }
}

function depthwiseCase(s: DepthwiseShape, operation: DepthwiseOperation): ProofCase {
  const { batch, side, channels, kernel, stride, dilation, padding } = s
  const shape = `x [${batch},${side},${side},${channels}], kernel ${kernel}x${kernel}, stride ${stride}, dilation ${dilation}, padding ${padding}`
  return { operation, format: 'float32', shape, product: true, prepare: () => prepare(s, operation) }
}

function prepare(s: DepthwiseShape, operation: DepthwiseOperation): PreparedCase {
  const { batch, side, channels, kernel } = s
  const out = outputSide(s, side)
  const xShape: Shape4 = [batch, side, side, channels]
  const weightShape: Shape4 = [kernel, kernel, channels, 1]
  const yShape = [batch, out, out, channels]
  const xs = numbers(sizeOf(xShape), 4)
  const weights = numbers(sizeOf(weightShape), 5)
  const dys = numbers(sizeOf(yShape), 6)
  const x = tensor4d(xs, xShape)
  const weight = tensor4d(weights, weightShape)
  const dy = tensor(dys, yShape)
  const run: Readonly<Record<DepthwiseOperation, () => Tensor>> = {
    DepthwiseConv2dNative: () => depthwiseConv2d(x, weight, s),
    DepthwiseConv2dNativeBackpropInput: () => gradientOf((t) => depthwiseConv2d(t, weight, s), x, dy),
    DepthwiseConv2dNativeBackpropFilter: () => gradientOf((t) => depthwiseConv2d(x, t, s), weight, dy),
  }
  const one: ConvShape = { ...s, channelsIn: 1, channelsOut: 1 }
  const channel = (values: Float32Array, c: number): Float32Array =>
    Float32Array.from({ length: values.length / channels }, (_, i) => values[i * channels + c]!)
  const right: Readonly<Record<DepthwiseOperation, (c: number) => Right>> = {
    DepthwiseConv2dNative: (c) => rightConv(channel(xs, c), channel(weights, c), one),
    DepthwiseConv2dNativeBackpropInput: (c) => rightInputGradient(channel(weights, c), channel(dys, c), one),
    DepthwiseConv2dNativeBackpropFilter: (c) => rightFilterGradient(channel(xs, c), channel(dys, c), one),
  }
  return { run: () => [run[operation]()], right: [perChannel(channels, right[operation])] }
}

/** Each channel, the last axis, is a convolution of its own. */
function perChannel(channels: number, ofChannel: (channel: number) => Right): Right {
  const parts = Array.from({ length: channels }, (_, c) => ofChannel(c))
  const [first] = parts as [Right]
  const at = (index: number): number => parts[index % channels]!.at(Math.floor(index / channels))
  return byRule(first.size * channels, at, first.cost)
}
