import { tensor2d, tensor4d } from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { ensembleOf } from '../../../../../src-main/engine/eval/ensemble.ts'
import type { Network } from '../../../../../src-main/engine/eval/network.ts'
import { forward } from '../../../../../src-main/engine/eval/network.ts'
import { oracleCross } from '../../../../../src-main/engine/eval/measures/reliability.ts'
import { repeatsOfImages } from '../../../../../src-main/engine/eval/measures/repeated-responses.ts'
import { useBackend } from '../../../../support/backend.ts'

beforeAll(() => useBackend('cpu'))

/** Answers the same to everything. */
const saying = (values: number[]): Network => ({
  model: {
    specs: [],
    layers: [],
    ranges: new Map(),
    apply: () => ({ output: tensor2d([values]), representations: new Map() }),
    penalty: () => {
      throw new Error('evaluation needs no penalty')
    },
  },
  params: new Map(),
})
const nothing = () => tensor4d([0], [1, 1, 1, 1])
const softmaxOf = (logits: readonly number[]): number[] => {
  const all = logits.map(Math.exp)
  return all.map((v) => v / all.reduce((a, b) => a + b))
}

it('averages class probabilities, not logits', () => {
  const [a, b] = [
    [4, 0, 1],
    [0, 1, 0],
  ] as const
  const both = ensembleOf([saying([...a]), saying([...b])])
  const logits = forward(both, nothing(), { task: 'img_classification' }).dataSync()
  const mean = softmaxOf(a).map((p, i) => (p + (softmaxOf(b)[i] as number)) / 2)
  softmaxOf([...logits]).forEach((p, i) => expect(p).toBeCloseTo(mean[i] as number, 6))
})

it('averages predicted responses', () => {
  const both = ensembleOf([saying([1, 2]), saying([3, 6]), saying([2, 1])])
  expect([...forward(both, nothing(), { task: 'v1', session: 's' }).dataSync()]).toEqual([2, 3])
})

it('is a single member itself, and nothing without one', () => {
  const one = saying([4, 0])
  expect(ensembleOf([one])).toBe(one)
  expect(() => ensembleOf([])).toThrow('an ensemble needs a member')
})

it('crosses odd repeats with even ones, and leaves images without a second look out', () => {
  // Odd repeats have the means 1, 3, 2; even ones 2, 6, 1.
  const responses = repeatsOfImages([[[0], [2], [2]], [[3], [6]], [[2], [1]], [[9]]])
  const [x, y] = [
    [1, 3, 2],
    [2, 6, 1],
  ] as const
  const center = (v: readonly number[]) => v.map((value) => value - v.reduce((s, w) => s + w) / v.length)
  const dot = (p: number[], q: number[]) => p.reduce((s, v, i) => s + v * (q[i] as number), 0)
  const [cx, cy] = [center(x), center(y)]
  expect(oracleCross(responses).values[0]).toBeCloseTo(dot(cx, cy) / Math.sqrt(dot(cx, cx) * dot(cy, cy)), 6)
  const silent = oracleCross(
    repeatsOfImages([
      [[0], [0]],
      [[0], [0]],
    ]),
  )
  expect([silent.values[0], silent.defined[0]]).toEqual([0, 0])
})
