import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { gradientOf } from '../base/gradient-of.ts'
import type { PreparedCase, ProofCase } from '../base/proof-case.ts'
import { byRule, known } from '../base/proof-case.ts'
import { integers, numbers } from '../base/proof-numbers.ts'

/** Tensors made of nothing or of indices, other number formats, and sums over equal indices. */
export function makeCases(): ProofCase[] {
  return [
    made('Fill', 'float32', '[15,33]', () => ({
      run: () => [tf.fill([15, 33], 0.25)],
      right: [byRule(15 * 33, () => 0.25)],
    })),
    made('Range', 'float32', '0 to 33', () => ({
      run: () => [tf.range(0, 33, 1, 'float32')],
      right: [byRule(33, (i) => i)],
    })),
    made('OneHot', 'int32', '[64] in 10 classes', () => {
      const labels = integers(64, 16, 10)
      return {
        run: () => [tf.oneHot(tf.tensor1d(labels, 'int32'), 10)],
        right: [byRule(640, (i) => (labels[Math.floor(i / 10)] === i % 10 ? 1 : 0))],
      }
    }),
    ...castCases(),
    ...wholeNumberCases(),
    ...[1, 5, 64].map(segmentCase),
    ...[1, 5, 64].map(scatterCase),
  ]
}

function made(
  operation: string,
  format: ProofCase['format'],
  shape: string,
  prepare: () => PreparedCase,
): ProofCase {
  return { operation, format, shape, product: false, prepare }
}

function castCases(): ProofCase[] {
  const size = 1001
  const kinds = [
    ['bool', 'float32', 2],
    ['bool', 'int32', 2],
    ['int32', 'float32', 1000],
    ['int32', 'bool', 2],
  ] as const
  return kinds.map(([from, to, below]) =>
    made('Cast', from, `[${size}] to ${to}`, () => {
      const values = integers(size, 17, below)
      const x = tf.tensor(values, [size], from)
      return { run: () => [tf.cast(x, to)], right: [known(values)] }
    }),
  )
}

/** Operations that labels and counts go through. */
function wholeNumberCases(): ProofCase[] {
  const size = 1001
  const [as, bs] = [integers(size, 18, 5), integers(size, 19, 5)]
  const pair = (
    operation: string,
    run: (a: Tensor, b: Tensor) => Tensor,
    right: (a: number, b: number) => number,
  ): ProofCase =>
    made(operation, 'int32', `[${size}] with [${size}]`, () => {
      const [a, b] = [tf.tensor1d(as, 'int32'), tf.tensor1d(bs, 'int32')]
      return {
        run: () => [run(a, b)],
        right: [byRule(size, (i) => right(as[i]!, bs[i]!))],
      }
    })
  return [
    pair('Equal', tf.equal, (a, b) => (a === b ? 1 : 0)),
    pair('Add', tf.add, (a, b) => a + b),
    pair('Mul', tf.mul, (a, b) => a * b),
    made('Sum', 'int32', `[${size}]`, () => ({
      run: () => [tf.sum(tf.tensor1d(as, 'int32'))],
      right: [known([as.reduce((sum, value) => sum + value, 0)])],
    })),
  ]
}

/** The gradient of gathered values: rows whose index occurs several times are added up. */
function segmentCase(channels: number): ProofCase {
  const [rows, picks] = [20, 300] as const
  return made('UnsortedSegmentSum', 'float32', `[${picks},${channels}] into ${rows} rows`, () => {
    const index = integers(picks, 20, rows)
    const dys = numbers(picks * channels, 21)
    const table = tf.zeros([rows, channels])
    const dy = tf.tensor(dys, [picks, channels])
    const chosen = tf.tensor1d(index, 'int32')
    return {
      run: () => [gradientOf((t) => tf.gather(t, chosen), table, dy)],
      right: [byRule(rows * channels, summedRows(index, dys, channels), picks)],
    }
  })
}

/** The gradient of sampled values: several are added up in one place. */
function scatterCase(channels: number): ProofCase {
  const [rows, picks] = [20, 300] as const
  return made('ScatterNd', 'float32', `[${picks},${channels}] added up in ${rows} rows`, () => {
    const index = integers(picks, 22, rows)
    const values = numbers(picks * channels, 23)
    const places = tf.tensor2d([...index], [picks, 1], 'int32')
    const updates = tf.tensor(values, [picks, channels])
    return {
      run: () => [tf.scatterND(places, updates, [rows, channels])],
      right: [byRule(rows * channels, summedRows(index, values, channels), picks)],
    }
  })
}

/** Sum of the values whose row has this index, at a flat place of the result. */
const summedRows =
  (index: Int32Array, values: Float32Array, channels: number) =>
  (place: number): number => {
    const row = Math.floor(place / channels)
    const parts = [...index.keys()].filter((i) => index[i] === row)
    return parts.reduce((sum, i) => sum + values[i * channels + (place % channels)]!, 0)
  }
