import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, memory, reshape, scalar, tensor, tensor2d, tensor4d } from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import type { ClassificationScores } from '../../../../../src-main/engine/eval/classify.ts'
import { classify } from '../../../../../src-main/engine/eval/classify.ts'
import type { Network } from '../../../../../src-main/engine/eval/network.ts'
import { forward, trialContext } from '../../../../../src-main/engine/eval/network.ts'
import type { Batch, ForwardContext, Loader } from '../../../../../src-main/engine/types.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'
import type { Logits } from '../../../../support/measures/classification.ts'
import {
  accuracy,
  calibration,
  confidences,
  confusionMatrix,
  predictedClasses,
  topKAccuracy,
} from '../../../../support/measures/classification.ts'

beforeAll(() => useBackend('cpu'))

const seen: ForwardContext[] = []
/** Answers with its inputs, whose pixels are the logits, and keeps in `seen` how it was asked. */
const echo: Network = {
  params: new Map(),
  model: {
    specs: [],
    layers: [],
    ranges: new Map(),
    penalty: () => scalar(0),
    apply: (_params, inputs, _route, context) => {
      seen.push(context)
      const output = reshape(inputs, [inputs.shape[0], -1]) as Tensor2D // its rows are logits
      return { output, representations: new Map() }
    },
  },
}

/** Two batches, the second with positions in the source where they are told. */
function loaderOf(logits: Logits, labels: readonly number[], places: readonly number[] = []): Loader {
  const { images, classes } = logits
  const part = (from: number, to: number): Batch => ({
    inputs: tensor4d(Float32Array.from(logits.values.subarray(from * classes, to * classes)), [
      to - from,
      1,
      1,
      classes,
    ]),
    targets: tensor(labels.slice(from, to), undefined, 'int32'),
    index: Int32Array.from(places.slice(from, to)),
  })
  return {
    key: 'img_classification',
    batches: 2,
    size: images,
    async *epoch() {
      yield part(0, Math.ceil(images / 2))
      yield part(Math.ceil(images / 2), images)
    },
  }
}

async function scoresOf(
  logits: Logits,
  labels: readonly number[],
  {
    keep = -1,
    places,
    network = echo,
  }: { keep?: number; places?: readonly number[]; network?: Network } = {},
): Promise<ClassificationScores & { readonly shares: readonly number[] }> {
  const work = classify(network, loaderOf(logits, labels, places), createRng(1), keep)
  const shares: number[] = []
  for (;;) {
    const next = await work.next()
    if (next.done === true) return { ...next.value, shares }
    shares.push(next.value)
  }
}

const table = (rows: readonly (readonly number[])[]): Logits => ({
  images: rows.length,
  classes: rows[0]?.length ?? 0,
  values: Float32Array.from(rows.flat()),
})

it('gives the measures of each image and of all', async () => {
  const rng = createRng(3)
  const logits = table(Array.from({ length: 60 }, () => Array.from({ length: 7 }, () => 2 * rng.normal())))
  const labels = Array.from({ length: 60 }, () => rng.int(7))
  const places = labels.map((_, i) => 100 + i)
  const scores = await scoresOf(logits, labels, { places })
  const answers = predictedClasses(logits)
  const probability = labels.map((label, i) => {
    const row = [...logits.values.subarray(i * 7, i * 7 + 7)].map(Math.exp)
    return (row[label] ?? NaN) / row.reduce((a, b) => a + b)
  })
  expect(scores).toMatchObject({ images: 60, classes: 7, shares: [0.5, 1] })
  expect(scores.accuracy).toBeCloseTo(accuracy(logits, labels), 9)
  expect(scores.top5).toBeCloseTo(topKAccuracy(logits, labels, 5), 9)
  expect(scores.ece).toBeCloseTo(calibration(logits, labels, 15).error, 6)
  expect(scores.loss).toBeCloseTo(probability.reduce((sum, p) => sum - Math.log(p), 0) / 60, 5)
  expect(scores.confusion).toEqual(confusionMatrix(answers, labels, 7))
  const { perImage } = scores
  expect([[...perImage.index], [...perImage.label], perImage.answer]).toEqual([places, labels, answers])
  const own = confidences(logits)
  perImage.confidence.forEach((value, i) => expect(value).toBeCloseTo(own[i] ?? NaN, 6))
  perImage.probability.forEach((value, i) => expect(value).toBeCloseTo(probability[i] ?? NaN, 6))
})

it('gives equal logits to the lower class', async () => {
  const labels = [0, 1, 2, 3, 4, 5]
  const scores = await scoresOf(table(labels.map(() => [1, 1, 1, 1, 1, 1])), labels)
  expect([...scores.perImage.answer]).toEqual([0, 0, 0, 0, 0, 0])
  expect([scores.accuracy, scores.top5]).toEqual([100 / 6, 500 / 6])
})

it('holds a sure answer in the last bin, and logits beyond the range of exp', async () => {
  const scores = await scoresOf(table([[5000, 0], [0, 5000]]), [0, 0]) // prettier-ignore
  expect(scores).toMatchObject({ accuracy: 50, ece: 0.5, loss: 2500 })
  expect([...scores.perImage.confidence]).toEqual([1, 1])
})

it('takes images of a class that is not kept for wrong, at five answers too', async () => {
  const logits = table([
    [3, 1, 9, 0],
    [1, 3, 0, 9],
  ])
  const scores = await scoresOf(logits, [0, 3], { keep: 2 })
  expect(scores).toMatchObject({ classes: 2, accuracy: 50, top5: 50, loss: Infinity })
  expect([[...scores.confusion], [...scores.perImage.probability]]).toEqual([
    [1, 0, 0, 0],
    [expect.closeTo(1 / (1 + Math.exp(-2)), 6), 0],
  ])
  for (const keep of [0, 4, 9]) expect((await scoresOf(logits, [0, 3], { keep })).classes).toBe(4)
})

it('scores what the network sees, names the places of a batch without any, and keeps no tensor', async () => {
  const calls: (readonly [string, number])[] = []
  const shift = [-4, 0, 4]
  const network: Network = {
    ...echo,
    view: (inputs, loader, batch) => {
      calls.push([loader, batch])
      return add(inputs, tensor4d(shift, [1, 1, 1, 3])) as Tensor4D // of one shape
    },
  }
  const logits = table([[1, 0, 0], [2, 0, 0], [3, 0, 0]]) // prettier-ignore
  const before = memory().numTensors
  const scores = await scoresOf(logits, [2, 2, 2], { network, keep: 2 })
  expect([...scores.perImage.answer]).toEqual([1, 1, 1])
  expect(calls).toEqual([
    ['img_classification', 0],
    ['img_classification', 1],
  ])
  expect([...scores.perImage.index]).toEqual([0, 1, 0])
  expect(memory().numTensors).toBe(before + calls.length) // the shift of each call is the view's own
})

it('has no images where there are none', async () => {
  const empty: Loader = { ...loaderOf(table([[0]]), [0]), async *epoch() {} }
  const work = classify(echo, empty, createRng(1))
  expect((await work.next()).value).toMatchObject({ images: 0, accuracy: 0, loss: 0, ece: 0, classes: 0 })
})

it('asks a network in evaluation, with the behaviour and the eye positions that a batch has', () => {
  const behavior = tensor2d([[1, 2]])
  const pupil = tensor2d([[3, 4]])
  const batch: Batch = { inputs: tensor4d([1], [1, 1, 1, 1]), targets: tensor([0]), index: Int32Array.of(0) }
  expect(trialContext(batch)).toEqual({})
  expect(trialContext({ ...batch, behavior, pupil })).toEqual({ behavior, pupil })
  forward(echo, batch.inputs, { task: 'v1', session: 's' }, { pupil })
  expect(seen.at(-1)).toMatchObject({ training: false, frozenNorms: new Set(), pupil })
})
