import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { ProofCase } from '../base/proof-case.ts'
import { byRule } from '../base/proof-case.ts'
import { distinctNumbers } from '../base/proof-numbers.ts'

/** [outer, middle, inner]: the middle axis is reduced. Few and many of each, and a sum over everything. */
const SHAPES = [
  [1, 1, 5],
  [15, 9, 3],
  [1, 20_001, 1],
  [64, 33, 1],
  [2, 64, 64],
  [1, 1000, 16],
] as const

interface Reduction {
  readonly operation: string
  readonly run: (x: Tensor) => Tensor
  readonly right: (values: readonly number[]) => number
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
const REDUCTIONS: readonly Reduction[] = [
  { operation: 'Sum', run: (x) => tf.sum(x, 1), right: total },
  { operation: 'Mean', run: (x) => tf.mean(x, 1), right: (v) => total(v) / v.length },
  { operation: 'Max', run: (x) => tf.max(x, 1), right: (v) => v.reduce((a, b) => Math.max(a, b)) },
  {
    operation: 'ArgMax',
    run: (x) => tf.argMax(x, 1),
    right: (v) => v.reduce((best, value, i) => (value > v[best]! ? i : best), 0),
  },
]

/** Values along one axis made to one. */
export function reductionCases(): ProofCase[] {
  return [
    ...REDUCTIONS.flatMap((entry) => SHAPES.map((shape) => reductionCase(entry, shape))),
    ...[1, 7, 1000].map(addNCase),
    ...([[1, 10], [64, 5], [15, 200]] as const).map(softmaxCase),
  ] // prettier-ignore
}

function reductionCase({ operation, run, right }: Reduction, shape: (typeof SHAPES)[number]): ProofCase {
  const [outer, middle, inner] = shape
  return {
    operation,
    format: 'float32',
    shape: `x [${shape}] along axis 1`,
    product: false,
    prepare: () => {
      // Signs are not balanced, so that sums do not vanish.
      const values = distinctNumbers(outer * middle * inner, 12).map((v) => v + 0.5)
      const x = tf.tensor(values, [...shape])
      const line = (index: number): number[] =>
        Array.from(
          { length: middle },
          (_, m) => values[(Math.floor(index / inner) * middle + m) * inner + (index % inner)]!,
        )
      return { run: () => [run(x)], right: [byRule(outer * inner, (i) => right(line(i)), middle)] }
    },
  }
}

function addNCase(length: number): ProofCase {
  return {
    operation: 'AddN',
    format: 'float32',
    shape: `five of [${length}]`,
    product: false,
    prepare: () => {
      const parts = [1, 2, 3, 4, 5].map((seed) => distinctNumbers(length, seed))
      const tensors = parts.map((p) => tf.tensor(p))
      const at = (i: number): number => total(parts.map((p) => p[i]!))
      return { run: () => [tf.addN(tensors)], right: [byRule(length, at)] }
    },
  }
}

function softmaxCase(shape: readonly [number, number]): ProofCase {
  const [rows, classes] = shape
  return {
    operation: 'Softmax',
    format: 'float32',
    shape: `logits [${shape}]`,
    product: false,
    prepare: () => {
      const values = distinctNumbers(rows * classes, 13).map((v) => 6 * v)
      const logits = tf.tensor(values, [...shape])
      const at = (index: number): number => {
        const start = index - (index % classes)
        const sum = total(Array.from(values.subarray(start, start + classes), Math.exp))
        return Math.exp(values[index]!) / sum
      }
      return { run: () => [tf.softmax(logits)], right: [byRule(values.length, at, classes)] }
    },
  }
}
