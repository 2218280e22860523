import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { memory, reshape, scalar, slice, tensor, tensor4d } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { SuiteResult } from '../../../../../src-main/engine/eval/final-suite.ts'
import { finalSuite } from '../../../../../src-main/engine/eval/final-suite.ts'
import type { Network } from '../../../../../src-main/engine/eval/network.ts'
import { buildLoss } from '../../../../../src-main/engine/loss/index.ts'
import { validate } from '../../../../../src-main/engine/eval/validate.ts'
import type { Batch, DataSet, Loader, Model, NeuralSession } from '../../../../../src-main/engine/types.ts'
import { UNIT_FLOATS } from '../../../../../src-main/engine/data/pixels.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'

const CLASSES = 6

/** Answers with its inputs: row by row they are logits, or responses of as many units as the session has. */
const echo = (units: number): Network => ({
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

function loader(
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

const row = (...values: number[]): number[] => Array.from({ length: CLASSES }, (_, i) => values[i] ?? 0)

/** Three of four right; the wrong one has its class last of all. */
const images = loader(
  'img_classification',
  [row(4), row(0, 3), row(0, 0, 2), row(9, 8, 7, 6, 5, 1)],
  [0, 1, 2, 5],
)
/** Two images shown twice each, two units. */
const responses = (key: string): Loader =>
  loader(
    key,
    [row(1, 2), row(1, 2), row(3, 1), row(3, 1)],
    [
      [1, 3],
      [2, 2],
      [5, 0],
      [4, 2],
    ],
    [7, 7, 9, 9],
  )

const one = (l: Loader): ReadonlyMap<string, Loader> => new Map([[l.key, l]])
const everything = {
  v1: new Map([
    ['s1', responses('s1')],
    ['s2', responses('s2')],
  ]),
  v4: one(responses('s3')),
  img_classification: one(images),
}

const session: NeuralSession = {
  key: 's1',
  area: 'v1',
  images: { length: 0, height: 1, width: 1, channels: 1, pixels: UNIT_FLOATS, read: () => undefined },
  units: ['u', 'w'],
  responses: new Float32Array(0),
  imageIndex: new Int32Array(0),
  tier: new Uint8Array(0),
  repeatCeiling: Float32Array.of(0.8, 0.2),
}

const DATA: DataSet = {
  train: everything,
  validation: everything,
  test: everything,
  conditions: new Map(
    [
      'c_test fog 1',
      'Validation_gauss 0.1',
      'FinalTestOutDomain',
      'fly_c_test snow 5',
      'FinalValidationOutDomain',
    ].map((mode) => [mode, images]),
  ),
  sessions: new Map([['s1', session]]),
  classNames: [],
  waited: () => 0,
}

const ALL = {
  tasks: ['v1', 'v4', 'img_classification'] as const,
  train: true,
  validation: true,
  test: true,
  keepClasses: -1,
}

async function run(
  options: Partial<Parameters<typeof finalSuite>[2]> = {},
): Promise<SuiteResult & { modes: string[] }> {
  const modes: string[] = []
  const work = finalSuite(echo(2), DATA, { ...ALL, ...options }, createRng(1))
  for (;;) {
    const next = await work.next()
    if (next.done === true) return { ...next.value, modes: [...new Set(modes)] }
    modes.push(next.value.detail)
  }
}

describe('the final suite', () => {
  beforeAll(() => useBackend())

  it('goes through tasks, sets and conditions in the published order', async () => {
    const { modes, scores } = await run()
    expect(modes).toEqual([
      'FinalTraining, v1',
      'FinalValidation, v1',
      'FinalTest, v1',
      'FinalTraining, v4',
      'FinalValidation, v4',
      'FinalTest, v4',
      'FinalTraining, img_classification',
      'FinalValidationInDomain, img_classification',
      'FinalValidationOutDomain, img_classification',
      'FinalTestInDomain, img_classification',
      'FinalTestOutDomain, img_classification',
      'c_test fog 1, img_classification',
      'Validation_gauss 0.1, img_classification',
      'fly_c_test snow 5, img_classification',
    ])
    const published = modes.flatMap((mode) => ['eval', 'loss'].map((m) => `${mode.replace(', ', '/')}/${m}`))
    expect(Object.keys(scores).filter((key) => /\/(eval|loss)$/.test(key))).toEqual(published)
  })

  it('leaves out the sets that are switched off, never the conditions without a switch', async () => {
    const { modes } = await run({ train: false, validation: false, test: false })
    expect(modes).toEqual([
      'c_test fog 1, img_classification',
      'Validation_gauss 0.1, img_classification',
      'fly_c_test snow 5, img_classification',
    ])
    const { modes: noTest } = await run({ test: false, tasks: ['img_classification'] })
    expect(noTest.filter((mode) => mode.startsWith('FinalTest') || mode.includes('v1'))).toEqual([])
  })

  it('scores classification: accuracy, top five, cross entropy, calibration, confusion', async () => {
    const { scores, arrays } = await run()
    const at = (key: string) => scores[`FinalTestInDomain/img_classification/${key}`]
    const logits = [row(4), row(0, 3), row(0, 0, 2), row(9, 8, 7, 6, 5, 1)]
    const labels = [0, 1, 2, 5]
    const sums = logits.map((z) => z.reduce((s, v) => s + Math.exp(v), 0))
    const entropy =
      logits.reduce((s, z, i) => s + Math.log(sums[i] as number) - (z[labels[i] as number] as number), 0) / 4
    const confidence = logits.map((z, i) => Math.exp(Math.max(...z)) / (sums[i] as number))
    expect(at('eval')).toBe(75)
    expect(at('top5')).toBe(75)
    expect(at('loss')).toBeCloseTo(entropy, 5)
    const bins = new Map<number, number>()
    confidence.forEach((c, i) => {
      const bin = Math.min(14, Math.floor(c * 15))
      bins.set(bin, (bins.get(bin) ?? 0) + c - (i < 3 ? 1 : 0))
    })
    expect(at('ece')).toBeCloseTo([...bins.values()].reduce((s, v) => s + Math.abs(v), 0) / 4, 5)
    const confusion = arrays.get('confusion')
    expect(confusion?.shape).toEqual([CLASSES, CLASSES])
    expect([...(confusion?.data ?? [])].map((n, i) => (n > 0 ? i : -1)).filter((i) => i >= 0)).toEqual([
      0, 7, 14, 30,
    ])
    expect([...(arrays.get('test/answer')?.data ?? [])]).toEqual([0, 1, 2, 0])
  })

  it('counts only the kept classes where asked', async () => {
    const { scores, arrays } = await run({ keepClasses: 3 })
    expect(arrays.get('confusion')?.shape).toEqual([3, 3])
    expect(scores['FinalTestInDomain/img_classification/eval']).toBe(75)
  })

  it('scores responses over all units of all sessions and files them by neuron', async () => {
    const { scores, arrays } = await run()
    const corr = (a: number[], b: number[]): number => {
      const mean = (x: number[]) => x.reduce((s, v) => s + v, 0) / x.length
      const [ma, mb] = [mean(a), mean(b)]
      const dot = a.reduce((s, v, i) => s + (v - ma) * ((b[i] as number) - mb), 0)
      return (
        dot / Math.sqrt(a.reduce((s, v) => s + (v - ma) ** 2, 0) * b.reduce((s, v) => s + (v - mb) ** 2, 0))
      )
    }
    const single = [corr([1, 2, 5, 4], [1, 1, 3, 3]), corr([3, 2, 0, 2], [2, 2, 1, 1])]
    expect(scores['FinalTest/v1/eval']).toBeCloseTo(((single[0] as number) + (single[1] as number)) / 2, 6)
    expect(scores['FinalTest/v1/avg_correlation']).toBeCloseTo(1, 6)
    const poisson = [
      [1, 1],
      [1, 2],
      [3, 5],
      [3, 4],
      [2, 3],
      [2, 2],
      [1, 0],
      [1, 2],
    ].reduce((s, [y = 0, t = 0]) => s + y - t * Math.log(y + 1e-12), 0)
    expect(scores['FinalTest/v1/loss']).toBeCloseTo(2 * poisson, 4)
    expect([...(arrays.get('neurons/v1/s1/correlation')?.data ?? [])].map((v) => +v.toFixed(5))).toEqual(
      single.map((v) => +v.toFixed(5)),
    )
    expect(arrays.get('neurons/v4/s3/oracle')?.shape).toEqual([2])
    expect(scores['FinalTest/v1/reliable_units']).toBe(1)
    expect(scores['FinalTest/v1/ceiling_fraction']).toBeCloseTo(1 / 0.8, 5)
    expect(scores['FinalTest/v4/reliable_units']).toBeUndefined()
  })

  it('says over how many images the test scores are where they are few: each repeated one counts once', async () => {
    const { scores } = await run()
    expect(scores['FinalTest/v1/images']).toBe(2)
    expect(scores['FinalTestInDomain/img_classification/images']).toBe(4)
    expect(scores['FinalValidation/v1/images']).toBeUndefined()
  })

  it('keeps no tensor, to the end or stopped', async () => {
    const before = memory().numTensors
    await run()
    const work = finalSuite(echo(2), DATA, ALL, createRng(1))
    await work.next()
    await work.return({ scores: {}, arrays: new Map() })
    expect(memory().numTensors).toBe(before)
  })

  it('closes the loader underneath when it is stopped', async () => {
    let isClosed = false
    const watched: Loader = {
      ...images,
      async *epoch(rng) {
        try {
          yield* images.epoch(rng)
        } finally {
          isClosed = true
        }
      },
    }
    const data = { ...DATA, train: { img_classification: one(watched) } }
    const work = finalSuite(echo(2), data, { ...ALL, tasks: ['img_classification'] }, createRng(1))
    await work.next()
    await work.return({ scores: {}, arrays: new Map() })
    expect(isClosed).toBe(true)
  })
})

describe('validation', () => {
  beforeAll(() => useBackend())

  it('gives accuracy or mean correlation, and the loss, of each task that has data', async () => {
    const squared = { loss: buildLoss('MSELoss', { lossSum: false, avgLoss: true }), ofParameters: false }
    const work = validate(
      echo(2),
      { v4: everything.v4, img_classification: one(images) },
      { criteria: new Map(ALL.tasks.map((task) => [task, squared])), keepClasses: -1 },
      createRng(1),
    )
    const seen: string[] = []
    for (;;) {
      const next = await work.next()
      if (next.done !== true) {
        seen.push(next.value.detail)
        continue
      }
      expect([...next.value.keys()]).toEqual(['v4', 'img_classification'])
      expect(next.value.get('img_classification')?.eval).toBe(75)
      const { scores } = await run()
      expect(next.value.get('v4')?.eval).toBeCloseTo(scores['FinalTest/v4/eval'] as number, 10)
      expect(next.value.get('v4')?.loss).toBeCloseTo(scores['FinalTest/v4/loss'] as number, 6)
      const { criterion } = next.value.get('v4') ?? {}
      expect(criterion).toBeGreaterThan(0)
      expect(next.value.get('img_classification')?.criterion).toBe(next.value.get('img_classification')?.loss)
      break
    }
    expect(new Set(seen)).toEqual(new Set(['v4 validation', 'img_classification validation']))
  })
})
