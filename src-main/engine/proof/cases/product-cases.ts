import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { addBias, dense } from '../../tensor/index.ts'
import { gradientOf } from '../base/gradient-of.ts'
import type { ProofCase, Right } from '../base/proof-case.ts'
import { byRule } from '../base/proof-case.ts'
import { numbers } from '../base/proof-numbers.ts'

/** [rows, inner, columns] of matrix products in heads, readouts and kernels of 1 x 1. */
const SIZES = [
  [1, 1, 1],
  [1, 64, 5],
  [2, 5, 3],
  [15, 33, 16],
  [64, 200, 10],
  [64, 1, 64],
  [15, 576, 64],
  [225, 8, 13],
] as const

/** Matrix products in every orientation, single and in batches, and what is added per column. */
export function productCases(): ProofCase[] {
  return SIZES.flatMap((size) => [
    ...denseCases(size),
    ...[1, 2, 5].flatMap((batch) =>
      [false, true].flatMap((a) => [false, true].map((b) => batchCase(batch, size, a, b))),
    ),
    ...biasCases(size),
  ])
}

type Size = (typeof SIZES)[number]

/** An entry (row, column) of the product of two matrices that are read by rule. */
function rightProduct(
  [rows, inner, columns]: readonly [number, number, number],
  a: (row: number, k: number) => number,
  b: (k: number, column: number) => number,
): Right {
  const at = (index: number): number => {
    const row = Math.floor(index / columns)
    let sum = 0
    for (let k = 0; k < inner; k++) sum += a(row, k) * b(k, index % columns)
    return sum
  }
  return byRule(rows * columns, at, inner)
}

/** The product of a dense layer and its two gradients: plain, second matrix and first matrix transposed. */
function denseCases(size: Size): ProofCase[] {
  const [rows, inner, columns] = size
  const values = {
    x: numbers(rows * inner, 22),
    weight: numbers(inner * columns, 23),
    dy: numbers(rows * columns, 24),
  }
  const xAt = (row: number, k: number): number => values.x[row * inner + k]!
  const weightAt = (k: number, column: number): number => values.weight[k * columns + column]!
  const dyAt = (row: number, column: number): number => values.dy[row * columns + column]!
  const matMul = (
    part: string,
    run: (x: Tensor2D, weight: Tensor2D, dy: Tensor) => Tensor,
    right: () => Right,
  ): ProofCase => ({
    operation: 'MatMul',
    format: 'float32',
    shape: `[${rows},${inner}] times [${inner},${columns}], ${part}`,
    product: true,
    prepare: () => {
      const x = tf.tensor2d(values.x, [rows, inner])
      const weight = tf.tensor2d(values.weight, [inner, columns])
      const dy = tf.tensor2d(values.dy, [rows, columns])
      return { run: () => [run(x, weight, dy)], right: [right()] }
    },
  })
  return [
    matMul('product', (x, w) => dense(x, w), () => rightProduct(size, xAt, weightAt)),
    matMul('gradient of the first', (x, w, dy) => gradientOf((t) => dense(t, w), x, dy), () => rightProduct([rows, columns, inner], dyAt, (k, column) => weightAt(column, k))),
    matMul('gradient of the second', (x, w, dy) => gradientOf((t) => dense(x, t), w, dy), () => rightProduct([inner, rows, columns], (row, k) => xAt(k, row), dyAt)),
  ] // prettier-ignore
}

function batchCase(
  batch: number,
  [rows, inner, columns]: Size,
  transposeA: boolean,
  transposeB: boolean,
): ProofCase {
  const aShape: [number, number, number] = transposeA ? [batch, inner, rows] : [batch, rows, inner]
  const bShape: [number, number, number] = transposeB ? [batch, columns, inner] : [batch, inner, columns]
  return {
    operation: 'BatchMatMulV2',
    format: 'float32',
    shape: `[${aShape}]${transposeA ? ' transposed' : ''} times [${bShape}]${transposeB ? ' transposed' : ''}`,
    product: true,
    prepare: () => {
      const [as, bs] = [numbers(batch * rows * inner, 25), numbers(batch * inner * columns, 26)]
      const [a, b] = [tf.tensor3d(as, aShape), tf.tensor3d(bs, bShape)]
      const at = (index: number): number => {
        const n = Math.floor(index / (rows * columns))
        const row = Math.floor(index / columns) % rows
        const column = index % columns
        let sum = 0
        for (let k = 0; k < inner; k++) {
          const inA = transposeA ? k * rows + row : row * inner + k
          const inB = transposeB ? column * inner + k : k * columns + column
          sum += as[n * rows * inner + inA]! * bs[n * inner * columns + inB]!
        }
        return sum
      }
      return {
        run: () => [tf.matMul(a, b, transposeA, transposeB)],
        right: [byRule(batch * rows * columns, at, inner)],
      }
    },
  }
}

function biasCases([rows, , channels]: Size): ProofCase[] {
  const xs = numbers(rows * channels, 27)
  const biases = numbers(channels, 28)
  const shape = `x [${rows},${channels}]`
  const plain = { format: 'float32', shape, product: false } as const
  const tensors = (): [Tensor2D, Tensor1D] => [tf.tensor2d(xs, [rows, channels]), tf.tensor1d(biases)]
  const columnSum = (column: number): number => {
    let sum = 0
    for (let row = 0; row < rows; row++) sum += xs[row * channels + column]!
    return sum
  }
  return [
    {
      ...plain,
      operation: 'BiasAdd',
      prepare: () => {
        const [x, bias] = tensors()
        const at = (i: number): number => xs[i]! + biases[i % channels]!
        return { run: () => [addBias(x, bias)], right: [byRule(xs.length, at)] }
      },
    },
    {
      ...plain,
      operation: 'BiasAddGrad',
      prepare: () => {
        const [x, bias] = tensors()
        return {
          run: () => [gradientOf((t) => addBias(x, t), bias, x)],
          right: [byRule(channels, columnSum, rows)],
        }
      },
    },
  ]
}
