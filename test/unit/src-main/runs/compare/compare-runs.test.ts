import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../../../src-main/runs/compare/compare-runs.ts'
import { exportComparison } from '../../../../../src-main/runs/compare/export-comparison.ts'
import { robustnessScores, tableOf } from '../../../../../src-main/runs/compare/robustness-table.ts'
import { environmentOf } from '../../../../../src-main/runs/workers/environment.ts'
import type { Lab } from '../../../../support/lab.ts'
import { labs } from '../../../../support/lab.ts'

const lab = labs()
const CLEAN = 'FinalTestInDomain/img_classification/eval'
const fly = (name: string, severity: number): string =>
  `fly_c_test ${name} ${severity}/img_classification/eval`

async function finished(
  { store, add }: Lab,
  seed: number,
  scores: Record<string, number | null>,
  changes = {},
): Promise<string> {
  const id = await add(seed, changes)
  await store.write({ ...store.read(id), status: 'finished', scores, seconds: 10 * seed })
  return id
}
const longer = { name: 'longer', trainer: { fn: 'cotrainer', config: { max_iter: 7 } } }

describe('comparing runs', () => {
  it('shows only options that differ, marks defaults, and gives deltas to the baseline', async () => {
    const here = lab()
    const a = await finished(here, 1, { [CLEAN]: 90 })
    const b = await finished(here, 1, { [CLEAN]: 92.5, 'FinalTest/v1/eval': 0.5 }, longer)
    const { differences, metrics } = compareRuns(here.store, { ids: [a, b], baseline: a })
    expect(differences).toMatchObject([
      { path: 'trainer.config.max_iter', values: [expect.any(Number), 7], defaults: [true, false] },
    ])
    expect(metrics.find(({ key }) => key === CLEAN)).toMatchObject({
      values: [90, 92.5],
      deltas: [0, 2.5],
      goal: 'max',
      unit: '%',
    })
    expect(metrics.find(({ key }) => key === 'FinalTest/v1/eval')).toMatchObject({
      values: [null, 0.5],
      deltas: [null, null],
    })
    expect(metrics.at(-1)).toMatchObject({ key: 'Time/seconds', values: [10, 10], goal: 'min' })
  })

  it('says in which number format each run was computed, where they differ: by the record, else by the config', async () => {
    const here = lab()
    const tf32 = { name: 'short', trainer: { fn: 'cotrainer', config: { precision: 'tf32' } } }
    const a = await finished(here, 1, { [CLEAN]: 90 })
    const b = await finished(here, 1, { [CLEAN]: 91 }, tf32)
    const precisionsOf = (...ids: string[]) => compareRuns(here.store, { ids, baseline: null }).precisions
    expect(precisionsOf(a, b)).toEqual(['float32', 'tf32'])
    expect(precisionsOf(a, await finished(here, 2, {}))).toBeUndefined()
    const facts = { name: 'native', reason: '', tfVersion: '2.21.0', gpu: true, threads: 2 } as const
    const environment = environmentOf(facts, '1', { precision: 'bfloat16', deterministic: false })
    await here.store.write({ ...here.store.read(a), environment })
    expect(precisionsOf(a, b)).toEqual(['bfloat16', 'tf32'])
  })

  it('groups equal settings over seeds, with mean, SEM and paired differences', async () => {
    const here = lab()
    const base = [
      await finished(here, 1, { [CLEAN]: 90 }),
      await finished(here, 2, { [CLEAN]: 92 }),
      await finished(here, 3, { [CLEAN]: 91 }),
    ]
    const other = [
      await finished(here, 1, { [CLEAN]: 91 }, longer),
      await finished(here, 2, { [CLEAN]: 93 }, longer),
    ]
    const { groups } = compareRuns(here.store, { ids: [...base, ...other], baseline: base[0] ?? null })
    const of = (ids: string[]) =>
      groups.find((g) => g.ids.join() === ids.join())?.metrics.find(({ key }) => key === CLEAN)
    expect(of(base)).toMatchObject({ n: 3, mean: 91, delta: null })
    expect(of(base)?.sem).toBeCloseTo(1 / Math.sqrt(3), 12)
    expect(of(other)).toMatchObject({
      n: 2,
      mean: 92,
      // Both seeds differ by exactly 1: that says how coarse the score is, not how certain.
      delta: { mean: 1, low: null, high: null, paired: true, note: expect.stringContaining('2 seeds') },
    })
  })

  it('gives no interval for a single seed', async () => {
    const here = lab()
    const a = await finished(here, 1, { [CLEAN]: 90 })
    const b = await finished(here, 1, { [CLEAN]: 91 }, longer)
    const { groups } = compareRuns(here.store, { ids: [a, b], baseline: a })
    const deltas = groups.flatMap(({ metrics }) => metrics.flatMap(({ delta }) => delta ?? []))
    expect(deltas[0]).toMatchObject({ mean: 1, low: null, high: null, note: 'one seed, no interval' })
    expect(deltas.every((delta) => delta.low === null)).toBe(true)
    expect(groups[0]?.metrics[0]?.sem).toBeNull()
  })

  it('sums corruptions up instead of listing each', async () => {
    const here = lab()
    const a = await finished(here, 1, { [CLEAN]: 90, [fly('fog', 1)]: 80, [fly('fog', 3)]: 60 })
    const { metrics } = compareRuns(here.store, { ids: [a], baseline: a })
    expect(metrics.map(({ key }) => key)).toEqual([
      CLEAN,
      'Robustness/mean_corrupted_accuracy',
      'Robustness/score',
      'Robustness/mCE',
      'Time/seconds',
    ])
    expect(metrics[1]?.values).toEqual([70])
    expect(metrics[2]?.values).toEqual([100])
  })
})

describe('the robustness table', () => {
  const own = { [CLEAN]: 90, [fly('fog', 1)]: 80, [fly('fog', 2)]: 60, [fly('contrast', 1)]: 40 }
  const base = { [CLEAN]: 95, [fly('fog', 1)]: 40, [fly('fog', 2)]: 30, [fly('contrast', 1)]: 80 }

  it('has accuracies by corruption and severity beside those of the baseline', () => {
    expect(tableOf('a', own, { id: 'b', scores: base })).toMatchObject({
      clean: 90,
      corruptions: ['fog', 'contrast'],
      severities: [1, 2],
      accuracy: [
        [80, 60],
        [40, null],
      ],
      baselineAccuracy: [
        [40, 30],
        [80, null],
      ],
    })
  })

  it('scores against the baseline as the mean ratio over corruptions', () => {
    // fog: 70 / 35 = 2; contrast: 40 / 80 = 0.5
    expect(robustnessScores(own, base)['Robustness/score']).toBeCloseTo(125, 10)
    expect(robustnessScores(own, null)['Robustness/score']).toBeNull()
    expect(robustnessScores({ [CLEAN]: 1 }, null)).toEqual({})
  })

  it('never mixes stored and on-the-fly corruptions', () => {
    const mixed = { ...own, 'c_test fog 1/img_classification/eval': 10 }
    expect(tableOf('a', mixed, null)).toMatchObject({ corruptions: ['fog'], accuracy: [[10]] })
  })
})

describe('an exported comparison', () => {
  it('cannot run as a formula or as a page', async () => {
    const here = lab()
    const a = await finished(here, 1, { [CLEAN]: 90 }, { name: '=HYPERLINK("http://evil")' })
    const b = await finished(here, 2, { [CLEAN]: 91 }, { name: '<script>alert(1)</script> | & 50%_' })
    const compared = compareRuns(here.store, { ids: [a, b], baseline: null })
    const text = async (format: 'csv' | 'html' | 'markdown' | 'latex') =>
      (await exportComparison(compared, format, false)).text
    const csv = await text('csv')
    expect(csv).toContain(`"'=HYPERLINK(""http://evil"")"`)
    expect(await text('html')).not.toContain('<script>')
    expect(await text('html')).toContain('&lt;script&gt;')
    expect(await text('markdown')).toContain('\\|')
    expect(await text('latex')).toContain('\\& 50\\%\\_')
    const lines = csv.trim().split('\r\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^run,name,status,note,seed,/)
  })
})
