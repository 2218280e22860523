import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { tensor } from '@tensorflow/tfjs-core'
import type { ConvSum } from '../../tensor/base/routes.ts'
import { convRoute } from '../../tensor/base/routes.ts'
import { conv2d, setConvPrecision } from '../../tensor/index.ts'
import { coveringRows } from '../base/covering.ts'
import { gradientOf } from '../base/gradient-of.ts'
import type { PreparedCase, ProofCase } from '../base/proof-case.ts'
import { sizeOf } from '../base/proof-case.ts'
import { numbers, shortNumbers } from '../base/proof-numbers.ts'
import { rightConv, rightFilterGradient, rightInputGradient } from '../base/right-conv.ts'
import type { ConvShape } from '../base/window.ts'
import { outputSide } from '../base/window.ts'

/** What convolutions of our models are made of; every two levels meet in a case. `reach`: padding, see {@link paddingOf}. */
const FACTORS = {
  channelsIn: [1, 2, 3, 5, 8, 16, 32, 64],
  channelsOut: [1, 2, 3, 5, 8, 16, 32, 64],
  kernel: [1, 3, 5, 7, 9, 13, 24],
  stride: [1, 2, 3],
  dilation: [1, 2],
  reach: [0, 1, 2],
  batch: [1, 2, 15, 64],
  out: [2, 4, 9],
}
/** In bfloat16 layers with an odd number of channels are computed in float32, as the named shapes show. */
const SHORT_FACTORS = { ...FACTORS, channelsIn: [2, 8, 16, 32, 64], channelsOut: [2, 8, 16, 32, 64] }
/** Largest number of multiplications of a case: ten repeats of three operations at two numbers of threads add up. */
const MOST_PRODUCTS = 6e5
/** From this kernel on models use no dilation: it would reach over any image. */
const LARGE_KERNEL = 13

/** Channels in and out of the neighbours of convolutions between single channels. */
const NEIGHBOURS = [
  [1, 2],
  [2, 1],
  [1, 16],
  [16, 1],
  [2, 2],
] as const

/** Shapes beside the covering ones: kinds in which a library was found wrong, and sizes at which the work is shared out. */
const NAMED: readonly ConvShape[] = [
  // Laplace filters and other kernels between single channels
  shapeOf({ channelsIn: 1, channelsOut: 1, kernel: 3, batch: 15, side: 9, padding: 0 }),
  shapeOf({ channelsIn: 1, channelsOut: 1, kernel: 3, batch: 64, side: 9, padding: 1 }),
  shapeOf({ channelsIn: 1, channelsOut: 1, kernel: 5, batch: 15, side: 13, padding: 2 }),
  shapeOf({ channelsIn: 1, channelsOut: 1, kernel: 7, batch: 15, side: 15, padding: 3 }),
  // their neighbours, which go by the library where only single channels are at fault
  ...NEIGHBOURS.flatMap(([channelsIn, channelsOut]) => [
    shapeOf({ channelsIn, channelsOut, kernel: 3, batch: 15, side: 9, padding: 0 }),
    shapeOf({ channelsIn, channelsOut, kernel: 5, batch: 15, side: 13, padding: 2 }),
    shapeOf({ channelsIn, channelsOut, kernel: 7, batch: 15, side: 15, padding: 3 }),
  ]),
  // first layers on grey and colour images, also narrow residual networks with their strided shortcuts
  shapeOf({ channelsIn: 1, channelsOut: 4, kernel: 7, stride: 2, padding: 3, batch: 2, side: 32 }),
  shapeOf({ channelsIn: 3, channelsOut: 4, kernel: 7, stride: 2, padding: 3, batch: 2, side: 32 }),
  shapeOf({ channelsIn: 4, channelsOut: 8, kernel: 1, stride: 2, batch: 2, side: 8 }),
  shapeOf({ channelsIn: 16, channelsOut: 32, kernel: 1, stride: 2, batch: 15, side: 8 }),
  shapeOf({ channelsIn: 3, channelsOut: 64, kernel: 3, padding: 1, batch: 2, side: 32 }),
  shapeOf({ channelsIn: 64, channelsOut: 64, kernel: 3, padding: 1, batch: 2, side: 16 }),
  shapeOf({ channelsIn: 1, channelsOut: 32, kernel: 24, batch: 2, side: 32 }),
]

type Part = 'forward' | 'input' | 'filter'
const OPERATION: Readonly<Record<Part, ConvSum>> = {
  forward: 'Conv2D',
  input: 'Conv2DBackpropInput',
  filter: 'Conv2DBackpropFilter',
}

/** Plain convolutions, forward and both gradients, in each format. */
export function convCases(): ProofCase[] {
  return (['float32', 'bfloat16'] as const).flatMap((format) => {
    const rows = coveringRows(format === 'bfloat16' ? SHORT_FACTORS : FACTORS, isAffordable)
    return [...NAMED, ...rows.map(shapeOfRow)].flatMap((shape) =>
      (['forward', 'input', 'filter'] as const).map((part) => convCase(shape, part, format)),
    )
  })
}

type FactorRow = { readonly [K in keyof typeof FACTORS]: number }

function paddingOf({ kernel, dilation, reach }: FactorRow): number {
  const half = Math.floor(((kernel - 1) * dilation) / 2)
  return reach === 0 ? 0 : reach === 1 ? half : half === 1 ? 2 : 1
}

function shapeOfRow(row: FactorRow): ConvShape {
  const { kernel, stride, dilation, out } = row
  const padding = paddingOf(row)
  return { ...row, padding, side: (out - 1) * stride + (kernel - 1) * dilation + 1 - 2 * padding }
}

function isAffordable(row: FactorRow): boolean {
  const { side, batch, channelsIn, channelsOut, kernel, dilation } = shapeOfRow(row)
  if (side < 1 || (dilation > 1 && kernel >= LARGE_KERNEL)) return false
  const reached = row.stride > 1 && dilation > 1 ? (kernel - 1) * dilation + 1 : kernel
  return batch * row.out ** 2 * reached ** 2 * channelsIn * channelsOut <= MOST_PRODUCTS
}

type Given = Partial<ConvShape> & Pick<ConvShape, 'channelsIn' | 'channelsOut' | 'kernel' | 'batch' | 'side'>

function shapeOf(given: Given): ConvShape {
  return { stride: 1, dilation: 1, padding: 0, ...given }
}

const inWords = (s: ConvShape): string =>
  [
    `x [${s.batch},${s.side},${s.side},${s.channelsIn}]`,
    `kernel ${s.kernel}x${s.kernel} to ${s.channelsOut}`,
    ...(s.stride === 1 ? [] : [`stride ${s.stride}`]),
    ...(s.dilation === 1 ? [] : [`dilation ${s.dilation}`]),
    `padding ${s.padding}`,
  ].join(', ')

function convCase(shape: ConvShape, part: Part, format: 'float32' | 'bfloat16'): ProofCase {
  return {
    operation: convRoute(OPERATION[part], shape.channelsIn, shape.channelsOut),
    format,
    shape: inWords(shape),
    product: true,
    prepare: () => prepare(shape, part, format),
  }
}

function prepare(s: ConvShape, part: Part, format: 'float32' | 'bfloat16'): PreparedCase {
  const draw = format === 'bfloat16' ? shortNumbers : numbers
  const out = outputSide(s, s.side)
  const xShape: [number, number, number, number] = [s.batch, s.side, s.side, s.channelsIn]
  const weightShape: [number, number, number, number] = [s.kernel, s.kernel, s.channelsIn, s.channelsOut]
  const yShape = [s.batch, out, out, s.channelsOut]
  const values = {
    x: draw(sizeOf(xShape), 1),
    weight: draw(sizeOf(weightShape), 2),
    dy: draw(sizeOf(yShape), 3),
  }
  const x: Tensor4D = tensor(values.x, xShape)
  const weight: Tensor4D = tensor(values.weight, weightShape)
  const dy = tensor(values.dy, yShape)
  const run: Readonly<Record<Part, () => Tensor>> = {
    forward: () => conv2d(x, weight, s),
    input: () => gradientOf((t) => conv2d(t, weight, s), x, dy),
    filter: () => gradientOf((t) => conv2d(x, t, s), weight, dy),
  }
  const right = {
    forward: () => rightConv(values.x, values.weight, s),
    input: () => rightInputGradient(values.weight, values.dy, s),
    filter: () => rightFilterGradient(values.x, values.dy, s),
  }
  return {
    run: () => {
      setConvPrecision(format)
      try {
        return [run[part]()]
      } finally {
        setConvPrecision('float32')
      }
    },
    right: [right[part]()],
  }
}
