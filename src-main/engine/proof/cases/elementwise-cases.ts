import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { wordsOf } from '../../tensor/index.ts'
import { gradientOf } from '../base/gradient-of.ts'
import type { ProofCase } from '../base/proof-case.ts'
import { byRule, sizeOf } from '../base/proof-case.ts'
import { integers, numbers } from '../base/proof-numbers.ts'

/** Lengths around the widths of vector units, and one that is shared out between threads. */
const LENGTHS = [1, 7, 16, 33, 1000, 20_001]

interface Unary {
  readonly operation: string
  readonly run: (x: Tensor) => Tensor
  readonly right: (x: number) => number
  readonly from?: number
  readonly to?: number
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

const UNARY: readonly Unary[] = [
  { operation: 'Abs', run: tf.abs, right: Math.abs },
  { operation: 'Neg', run: tf.neg, right: (x) => -x },
  { operation: 'Square', run: tf.square, right: (x) => x * x },
  { operation: 'Sqrt', run: tf.sqrt, right: Math.sqrt, from: 1e-6, to: 9 },
  { operation: 'Reciprocal', run: tf.reciprocal, right: (x) => 1 / x, from: 0.1, to: 9 },
  { operation: 'Exp', run: tf.exp, right: Math.exp, from: -9, to: 4 },
  { operation: 'Log', run: tf.log, right: Math.log, from: 1e-3, to: 9 },
  { operation: 'Sin', run: tf.sin, right: Math.sin, from: -7, to: 7 },
  { operation: 'Cos', run: tf.cos, right: Math.cos, from: -7, to: 7 },
  { operation: 'Tanh', run: tf.tanh, right: Math.tanh, from: -5, to: 5 },
  { operation: 'Atanh', run: tf.atanh, right: Math.atanh, from: -0.99, to: 0.99 },
  { operation: 'Sigmoid', run: tf.sigmoid, right: sigmoid, from: -9, to: 9 },
  { operation: 'Softplus', run: tf.softplus, right: softplus, from: -9, to: 9 },
  { operation: 'Relu', run: tf.relu, right: (x) => Math.max(x, 0) },
  { operation: 'Elu', run: tf.elu, right: (x) => (x > 0 ? x : Math.expm1(x)), from: -5, to: 5 },
  { operation: 'Floor', run: tf.floor, right: Math.floor, from: -9, to: 9 },
  {
    operation: 'EluGrad',
    run: (x) => gradientOf(tf.elu, x, tf.onesLike(x)),
    right: (x) => (x > 0 ? 1 : Math.exp(x)),
    from: -5,
    to: 5,
  },
  { operation: 'OnesLike', run: tf.onesLike, right: () => 1 },
  { operation: 'ZerosLike', run: tf.zerosLike, right: () => 0 },
  { operation: 'IsNan', run: (x) => tf.isNaN(x), right: () => 0 },
  { operation: 'Cast', run: (x) => tf.cast(x, 'int32'), right: Math.trunc, from: -9, to: 9 },
  { operation: 'Bitcast', run: wordsOf, right: (x) => new Int32Array(Float32Array.of(x).buffer)[0]! },
]

interface Binary {
  readonly operation: string
  readonly run: (a: Tensor, b: Tensor) => Tensor
  readonly right: (a: number, b: number) => number
  readonly from?: number
  /** Whole numbers from 0 to 2, so that equal pairs occur. */
  readonly whole?: boolean
}

const truth = (value: boolean): number => (value ? 1 : 0)

const BINARY: readonly Binary[] = [
  { operation: 'Add', run: tf.add, right: (a, b) => a + b },
  { operation: 'Sub', run: tf.sub, right: (a, b) => a - b },
  { operation: 'Mul', run: tf.mul, right: (a, b) => a * b },
  { operation: 'RealDiv', run: tf.div, right: (a, b) => a / b, from: 0.25 },
  { operation: 'Maximum', run: tf.maximum, right: Math.max },
  { operation: 'Minimum', run: tf.minimum, right: Math.min },
  { operation: 'SquaredDifference', run: tf.squaredDifference, right: (a, b) => (a - b) ** 2 },
  { operation: 'Equal', run: tf.equal, right: (a, b) => truth(a === b), whole: true },
  { operation: 'Greater', run: tf.greater, right: (a, b) => truth(a > b), whole: true },
  { operation: 'GreaterEqual', run: tf.greaterEqual, right: (a, b) => truth(a >= b), whole: true },
  { operation: 'Less', run: tf.less, right: (a, b) => truth(a < b), whole: true },
  { operation: 'LessEqual', run: tf.lessEqual, right: (a, b) => truth(a <= b), whole: true },
]

/** Shapes of two operands: equal, against a number, along the channels, along the batch, crosswise, pairs of rows and columns against their window. */
const PAIRS: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[15, 9, 9, 3], [15, 9, 9, 3]],
  [[20_001], []],
  [[2, 7, 7, 5], [5]],
  [[15, 33], [15, 1]],
  [[64, 1, 16], [1, 9, 16]],
  [[60, 2, 9, 2, 5], [60, 1, 9, 1, 5]],
] // prettier-ignore

/** Cases of the operations that work value by value, on one and on two tensors. */
export function elementwiseCases(): ProofCase[] {
  return [
    ...UNARY.flatMap((entry) => LENGTHS.map((length) => unaryCase(entry, length))),
    ...BINARY.flatMap((entry) => PAIRS.map(([a, b]) => binaryCase(entry, a, b))),
    ...logicalCases(),
  ]
}

function unaryCase({ operation, run, right, from = -1, to = 1 }: Unary, length: number): ProofCase {
  return {
    operation,
    format: 'float32',
    shape: `x [${length}]`,
    product: false,
    prepare: () => {
      const values = numbers(length, 7, from, to)
      const x = tf.tensor(values)
      return { run: () => [run(x)], right: [byRule(length, (i) => right(values[i]!))] }
    },
  }
}

function binaryCase(
  { operation, run, right, from = -1, whole = false }: Binary,
  aShape: readonly number[],
  bShape: readonly number[],
): ProofCase {
  return {
    operation,
    format: 'float32',
    shape: `[${aShape}] with [${bShape}]`,
    product: false,
    prepare: () => {
      const draw = (shape: readonly number[], seed: number): Float32Array =>
        whole ? Float32Array.from(integers(sizeOf(shape), seed, 3)) : numbers(sizeOf(shape), seed, from)
      const [as, bs] = [draw(aShape, 8), draw(bShape, 9)]
      const [a, b] = [tf.tensor(as, [...aShape]), tf.tensor(bs, [...bShape])]
      const shape = aShape.map((side, i) => Math.max(side, alignedSide(bShape, aShape.length, i)))
      const at = (index: number): number =>
        right(as[source(index, shape, aShape)]!, bs[source(index, shape, bShape)]!)
      return { run: () => [run(a, b)], right: [byRule(sizeOf(shape), at)] }
    },
  }
}

function logicalCases(): ProofCase[] {
  const size = 1001
  const logical = (operation: string, run: (a: Tensor, b: Tensor) => Tensor, right: Binary['right']) => ({
    operation,
    format: 'bool' as const,
    shape: `[${size}]`,
    product: false,
    prepare: () => {
      const [as, bs] = [integers(size, 10, 2), integers(size, 11, 2)]
      const [a, b] = [tf.tensor(as, [size], 'bool'), tf.tensor(bs, [size], 'bool')]
      return {
        run: () => [run(a, b)],
        right: [byRule(size, (i) => right(as[i]!, bs[i]!))],
      }
    },
  })
  return [
    logical('LogicalAnd', tf.logicalAnd, (a, b) => a & b),
    logical('LogicalNot', (a) => tf.logicalNot(a), (a) => 1 - a),
    logical('Select', (a, b) => tf.where(a, tf.cast(b, 'float32'), tf.fill([size], 2)), (a, b) => (a ? b : 2)),
  ] // prettier-ignore
}

/** Side of an operand along an axis of the result, 1 where it is repeated. */
const alignedSide = (shape: readonly number[], rank: number, axis: number): number =>
  shape[axis - (rank - shape.length)] ?? 1

/** Flat index into an operand that is repeated up to `shape`. */
function source(index: number, shape: readonly number[], operand: readonly number[]): number {
  let rest = index
  let at = 0
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const place = rest % shape[axis]!
    rest = Math.floor(rest / shape[axis]!)
    const side = alignedSide(operand, shape.length, axis)
    if (side > 1) at += place * step
    step *= side
  }
  return at
}
