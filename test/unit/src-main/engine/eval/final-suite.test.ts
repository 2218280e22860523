import { memory } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { SuiteResult } from '../../../../../src-main/engine/eval/final-suite.ts'
import { finalSuite, responseScores } from '../../../../../src-main/engine/eval/final-suite.ts'
import { scoreSession } from '../../../../../src-main/engine/eval/score-session.ts'
import type { DataSet, Loader, NeuralSession } from '../../../../../src-main/engine/types.ts'
import { UNIT_FLOATS } from '../../../../../src-main/engine/data/pixels.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'
import { CLASSES, echo, loader, row } from '../../../../support/echo-network.ts'

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
  data: DataSet = DATA,
): Promise<SuiteResult & { modes: string[]; shares: number[] }> {
  const modes: string[] = []
  const shares: number[] = []
  const work = finalSuite(echo(2), data, { ...ALL, ...options }, createRng(1))
  for (;;) {
    const next = await work.next()
    if (next.done === true) return { ...next.value, modes: [...new Set(modes)], shares }
    modes.push(next.value.detail)
    shares.push(next.value.fraction)
  }
}

describe('the final suite', () => {
  beforeAll(() => useBackend('cpu'))

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

  it('tells which share is done, batch by batch', async () => {
    const { shares } = await run()
    expect(shares.at(-1)).toBe(1)
    shares.forEach((share, i) => expect(share).toBeCloseTo((i + 1) / shares.length, 12))
  })

  it('goes through nothing that a task has no data for', async () => {
    const none = { ...DATA, train: {}, validation: { v1: new Map<string, Loader>() }, conditions: new Map() }
    expect((await run({}, none)).modes).toEqual([
      'FinalTest, v1',
      'FinalTest, v4',
      'FinalTestInDomain, img_classification',
    ])
  })

  const wrong = loader('img_classification', [row(4), row(0, 3), row(0, 0, 2), row(1)], [1, 2, 3, 4])

  it('marks corruptions at which the network guesses, and gives further scores of other sets alone', async () => {
    const conditions = new Map([
      ['c_test fog 1', images],
      ['c_test snow 1', wrong],
      ['FinalTestOutDomain', wrong],
    ])
    const { scores } = await run({ tasks: ['img_classification'] }, { ...DATA, conditions })
    const of = (mode: string) =>
      Object.keys(scores)
        .filter((key) => key.startsWith(`${mode}/`))
        .map((key) => key.split('/')[2])
    expect(of('c_test fog 1')).toEqual(['eval', 'loss'])
    expect(of('c_test snow 1')).toEqual(['eval', 'loss', 'at_chance'])
    expect(of('FinalTestOutDomain')).toEqual(['eval', 'loss', 'top5', 'ece'])
    expect(of('FinalTraining')).toEqual(['eval', 'loss'])
    expect(of('FinalTestInDomain')).toEqual(['eval', 'loss', 'top5', 'ece', 'images'])
  })

  it('keeps the answers to the test set alone, by image', async () => {
    const conditions = new Map([['FinalTestOutDomain', wrong]])
    const { arrays } = await run({}, { ...DATA, conditions })
    expect([...arrays.keys()].filter((key) => !key.startsWith('neurons'))).toEqual([
      'confusion',
      'test/index',
      'test/label',
      'test/answer',
      'test/probability',
      'test/confidence',
    ])
    expect(arrays.get('test/label')).toMatchObject({
      shape: [4],
      dtype: 'int32',
      data: Int32Array.of(0, 1, 2, 5),
    })
    expect(arrays.get('test/confidence')).toMatchObject({ shape: [4], dtype: 'float32' })
  })

  it('keeps every measure of the neurons for the test set and the plain ones for validation', async () => {
    const { arrays, scores } = await run({ tasks: ['v1'] })
    const plain = ['correlation', 'avg_correlation', 'poisson']
    const repeats = ['fev', 'feve', 'feve_masked', 'oracle', 'oracle_cross', 'oracle_conservative', 'ceiling']
    const kept = [...arrays.keys()]
      .filter((key) => key.includes('/s1/'))
      .map((key) => key.split('/')[3] ?? '')
    expect(kept.toSorted()).toEqual(
      [
        ...plain.map((name) => `validation_${name}`),
        ...repeats,
        'avg_correlation',
        'correlation',
        'poisson',
      ].toSorted(),
    )
    const measures = ['eval', 'loss', 'avg_correlation', 'feve', 'oracle', 'oracle_cross', 'fev']
    expect(Object.keys(scores)).toEqual(
      expect.arrayContaining(measures.map((name) => `FinalTest/v1/${name}`)),
    )
    expect(Object.keys(scores).filter((key) => key.startsWith('FinalValidation'))).toHaveLength(2)
  })

  it('says the fewest images of a session, below ten, and nothing of reliability without repeats', async () => {
    const shown = (key: string, n: number): Loader =>
      loader(key, Array.from({ length: n }, (_, i) => row(i, 1)), Array.from({ length: n }, (_, i) => [i, n - i])) // prettier-ignore
    const scoresOf = async (...counts: number[]) => {
      const v1 = new Map(counts.map((n, i) => [`s${i + 5}`, shown(`s${i + 5}`, n)]))
      return (await run({ tasks: ['v1'], train: false, validation: false }, { ...DATA, test: { v1 } })).scores
    }
    expect((await scoresOf(8, 12, 9))['FinalTest/v1/images']).toBe(8)
    const enough = await scoresOf(10)
    expect(Object.keys(enough).filter((key) => /images|oracle|fev/.test(key))).toEqual([])
  })

  it('files predictions of no network by the same names', () => {
    const predictions = {
      session: 's1',
      units: 1,
      trials: 3,
      predicted: Float32Array.of(1, 2, 3),
      recorded: Float32Array.of(2, 4, 6),
      image: Int32Array.of(1, 2, 3),
    }
    const { scores, arrays } = responseScores('FinalTest', 'v4', [scoreSession(predictions, undefined)])
    expect(scores['FinalTest/v4/eval']).toBeCloseTo(1, 6)
    expect([...arrays.keys()]).toEqual(
      ['correlation', 'poisson', 'avg_correlation'].map((name) => `neurons/v4/s1/${name}`),
    )
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
