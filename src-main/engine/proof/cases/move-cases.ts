import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { gradientOf } from '../base/gradient-of.ts'
import { indexOf, placeOf } from '../base/indexing.ts'
import type { ProofCase } from '../base/proof-case.ts'
import { byRule, sizeOf } from '../base/proof-case.ts'
import { numbers } from '../base/proof-numbers.ts'

/** An operation that only carries values to other places. */
interface Move {
  readonly operation: string
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly how: string
  readonly run: (x: Tensor) => Tensor
  /** Where the value at a place of the result comes from; a place outside of x stands for zero. */
  readonly source: (place: readonly number[]) => readonly number[]
}

/** Shapes of images and maps: one and several images, odd and even channels, one that is shared out between threads. */
const MAPS: readonly (readonly [number, number, number, number])[] = [
  [1, 5, 5, 1],
  [2, 6, 6, 3],
  [15, 9, 9, 5],
  [64, 8, 8, 8],
]

/** Cases of the operations that move values and compute none. */
export const moveCases = (): ProofCase[] => [...MAPS.flatMap(movesOf), ...blockMoves()].map(moveCase)

function movesOf(map: (typeof MAPS)[number]): Move[] {
  const [n, h, w, c] = map
  const shifted = (place: readonly number[], by: readonly number[]): number[] =>
    place.map((p, axis) => p + (by[axis] ?? 0))
  return [
    { operation: 'Slice', from: map, to: [n, h - 2, w - 1, c], how: 'from [0,1,1,0]', run: (x) => tf.slice(x, [0, 1, 1, 0], [n, h - 2, w - 1, c]), source: (p) => shifted(p, [0, 1, 1, 0]) },
    { operation: 'StridedSlice', from: map, to: [n, Math.ceil(h / 2), Math.ceil(w / 2), c], how: 'every second row and column', run: (x) => tf.stridedSlice(x, [0, 0, 0, 0], [...map], [1, 2, 2, 1]), source: ([i = 0, y = 0, x = 0, k = 0]) => [i, 2 * y, 2 * x, k] },
    { operation: 'PadV2', from: map, to: [n, h + 3, w + 3, c + 1], how: 'by [1,2] and one channel', run: (x) => tf.pad(x, [[0, 0], [1, 2], [2, 1], [0, 1]]), source: (p) => shifted(p, [0, -1, -2, 0]) },
    { operation: 'Transpose', from: map, to: [c, n, h, w], how: 'channels first', run: (x) => tf.transpose(x, [3, 0, 1, 2]), source: ([k = 0, i = 0, y = 0, x = 0]) => [i, y, x, k] },
    { operation: 'Tile', from: map, to: [n, h, w, 3 * c], how: 'three times along the channels', run: (x) => tf.tile(x, [1, 1, 1, 3]), source: ([i = 0, y = 0, x = 0, k = 0]) => [i, y, x, k % c] },
    { operation: 'ReverseV2', from: map, to: map, how: 'along the rows', run: (x) => tf.reverse(x, 1), source: ([i = 0, y = 0, ...rest]) => [i, h - 1 - y, ...rest] },
    { operation: 'ConcatV2', from: map, to: [n, h, w, 2 * c], how: 'twice along the channels', run: (x) => tf.concat([x, x], 3), source: ([i = 0, y = 0, x = 0, k = 0]) => [i, y, x, k % c] },
    { operation: 'SplitV', from: map, to: [n, 2, w, c], how: 'first two rows', run: (x) => tf.split(x, [2, h - 2], 1)[0]!, source: (p) => p },
    { operation: 'Reshape', from: map, to: [n, h * w, c], how: 'places in one axis', run: (x) => tf.add(tf.reshape(x, [n, h * w, c]), 0), source: ([i = 0, at = 0, k = 0]) => [i, Math.floor(at / w), at % w, k] },
    { operation: 'ExpandDims', from: map, to: [n, h, 1, w, c], how: 'at axis 2', run: (x) => tf.add(tf.expandDims(x, 2), 0), source: ([i = 0, y = 0, , x = 0, k = 0]) => [i, y, x, k] },
    { operation: 'Pack', from: map, to: [2, ...map], how: 'twice', run: (x) => tf.stack([x, x]), source: ([, ...rest]) => rest },
    { operation: 'Unpack', from: map, to: map, how: 'gradient of a stack of two', run: (x) => gradientOf((t) => tf.stack([t, x]), x, tf.stack([x, tf.zerosLike(x)])), source: (p) => p },
    { operation: 'GatherV2', from: map, to: [3, h, w, c], how: 'three images by index', run: (x) => tf.gather(x, tf.tensor1d([n - 1, 0, n - 1], 'int32')), source: ([i = 0, ...rest]) => [i === 1 ? 0 : n - 1, ...rest] },
    { operation: 'ScatterNd', from: map, to: [n + 2, h, w, c], how: 'images to reversed places', run: (x) => tf.scatterND(tf.tensor2d(Array.from({ length: n }, (_, i) => [n - 1 - i]), [n, 1], 'int32'), x, [n + 2, h, w, c]), source: ([i = 0, ...rest]) => [n - 1 - i, ...rest] },
  ] // prettier-ignore
}

/** Interleaved parts of images as images of their own, and back. */
function blockMoves(): Move[] {
  const none: [number, number][] = [[0, 0], [0, 0]] // prettier-ignore
  return [
    {
      operation: 'SpaceToBatchND',
      from: [3, 6, 8, 5],
      to: [12, 3, 4, 5],
      how: 'blocks of 2x2',
      run: (x) => tf.spaceToBatchND(x, [2, 2], none),
      source: ([b = 0, y = 0, x = 0, k = 0]) => [
        b % 3,
        2 * y + Math.floor(b / 6),
        2 * x + (Math.floor(b / 3) % 2),
        k,
      ],
    },
    {
      operation: 'BatchToSpaceND',
      from: [12, 3, 4, 5],
      to: [3, 6, 8, 5],
      how: 'blocks of 2x2',
      run: (x) => tf.batchToSpaceND(x, [2, 2], none),
      source: ([i = 0, y = 0, x = 0, k = 0]) => [
        i + 3 * (2 * (y % 2) + (x % 2)),
        Math.floor(y / 2),
        Math.floor(x / 2),
        k,
      ],
    },
  ]
}

function moveCase({ operation, from, to, how, run, source }: Move): ProofCase {
  return {
    operation,
    format: 'float32',
    shape: `x [${from}], ${how}`,
    product: false,
    prepare: () => {
      const values = numbers(sizeOf(from), 15)
      const x = tf.tensor(values, [...from])
      const at = (index: number): number => {
        const found = indexOf(source(placeOf(index, to)), from)
        return found === null ? 0 : values[found]!
      }
      return { run: () => [run(x)], right: [byRule(sizeOf(to), at)] }
    },
  }
}
