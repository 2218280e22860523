import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { reshape, scalar, slice, tensor, tensor4d } from '@tensorflow/tfjs-core'
import type { Network } from '../../src-main/engine/eval/network.ts'
import type { Batch, Loader, Model } from '../../src-main/engine/types.ts'

/** Columns of the inputs, and classes of the network. */
export const CLASSES = 6

/** Answers with its inputs: row by row they are logits, or responses of as many units as the session has. */
export const echo = (units: number): Network => ({
  params: new Map(),
  model: {
    specs: [],
    layers: [],
    ranges: new Map(),
    penalty: () => scalar(0),
    apply: (_params, inputs, route) => {
      const rows = reshape(inputs, [inputs.shape[0], -1]) as Tensor2D
      const width = route.task === 'img_classification' ? CLASSES : units
      return { output: slice(rows, [0, 0], [-1, width]), representations: new Map() }
    },
  } satisfies Model,
})

/** Two batches of a set with these inputs and targets; `index` says what each row shows. */
export function loader(
  key: string,
  outputs: readonly number[][],
  targets: readonly (number | number[])[],
  index?: number[],
): Loader {
  const isLabel = typeof targets[0] === 'number'
  const batchOf = (from: number, to: number): Batch => ({
    inputs: tensor4d(outputs.slice(from, to).flat(), [to - from, 1, 1, CLASSES]) as Tensor4D,
    targets: tensor(targets.slice(from, to) as number[], undefined, isLabel ? 'int32' : 'float32'),
    index: Int32Array.from(outputs.slice(from, to), (_o, i) => index?.[from + i] ?? from + i),
  })
  return {
    key,
    batches: 2,
    size: outputs.length,
    async *epoch() {
      const half = Math.ceil(outputs.length / 2)
      yield batchOf(0, half)
      yield batchOf(half, outputs.length)
    },
  }
}

/** One input: these values, then zeros. */
export const row = (...values: number[]): number[] =>
  Array.from({ length: CLASSES }, (_, i) => values[i] ?? 0)
