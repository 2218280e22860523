import { tensor2d, tensor4d } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { BaselineScores } from '../../../../../../src-main/engine/eval/baselines/neural-baseline.ts'
import { neuralBaselines } from '../../../../../../src-main/engine/eval/baselines/neural-baseline.ts'
import type { DataSet, Loader, NeuralSession } from '../../../../../../src-main/engine/types.ts'
import { UNIT_FLOATS } from '../../../../../../src-main/engine/data/pixels.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../../support/backend.ts'

const IMAGES = 60
const SIDE = 28
const rng = createRng(11)
const pixels = Float32Array.from({ length: IMAGES * SIDE * SIDE }, () => rng.uniform())
const brightness = (image: number): number =>
  pixels.subarray(image * SIDE * SIDE, (image + 1) * SIDE * SIDE).reduce((s, v) => s + v, 0) / 10

/** A session whose one unit answers the mean grey of the image. */
const session: NeuralSession = {
  key: 'a',
  area: 'v4',
  images: {
    length: IMAGES,
    height: SIDE,
    width: SIDE,
    channels: 1,
    pixels: UNIT_FLOATS,
    read: (indices, out) =>
      Array.from(indices).forEach((image, i) =>
        out.set(pixels.subarray(image * SIDE * SIDE, (image + 1) * SIDE * SIDE), i * SIDE * SIDE),
      ),
  },
  units: ['brightness'],
  responses: new Float32Array(),
  imageIndex: new Int32Array(),
  tier: new Uint8Array(),
}

const loader = (from: number, to: number): Loader => ({
  key: 'a',
  batches: 1,
  size: to - from,
  async *epoch() {
    const index = Int32Array.from({ length: to - from }, (_, i) => from + i)
    yield {
      inputs: tensor4d(new Float32Array(to - from), [to - from, 1, 1, 1]),
      targets: tensor2d(Float32Array.from(index, brightness), [to - from, 1]),
      index,
    }
  },
})

const dataSet = (tiers: Pick<DataSet, 'train' | 'validation' | 'test'>): DataSet => ({
  ...tiers,
  conditions: new Map(),
  sessions: new Map([['a', session]]),
  classNames: [],
  waited: () => 0,
})
const v4 = (from: number, to: number) => ({ v4: new Map([['a', loader(from, to)]]) })

async function resultOf(data: DataSet): Promise<readonly BaselineScores[]> {
  const work = neuralBaselines(data, 'pixels')
  for (;;) {
    const step = await work.next()
    if (step.done === true) return step.value
  }
}

describe('neuralBaselines', () => {
  beforeAll(() => useBackend())

  it('learns from training and validation images and scores the test images', async () => {
    const [found] = await resultOf(dataSet({ train: v4(0, 40), validation: v4(40, 48), test: v4(48, 60) }))
    expect(found).toMatchObject({ area: 'v4', part: 'test', taught: 48, scored: 12 })
    expect(found?.scores.columns.get('avg_correlation')?.[0]).toBeGreaterThan(0.3)
  })

  it('scores validation, and does not learn from it, where no test trials exist', async () => {
    const [found] = await resultOf(dataSet({ train: v4(0, 48), validation: v4(48, 60), test: {} }))
    expect(found).toMatchObject({ part: 'validation', taught: 48, scored: 12 })
  })

  it('leaves out a session that has nothing to score', async () => {
    expect(await resultOf(dataSet({ train: v4(0, 48), validation: {}, test: {} }))).toEqual([])
  })
})
