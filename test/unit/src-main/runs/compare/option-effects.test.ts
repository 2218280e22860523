import { describe, expect, it } from 'vitest'
import type { EffectsOf } from '../../../../../src-main/runs/compare/option-effects.ts'
import { optionEffects } from '../../../../../src-main/runs/compare/option-effects.ts'
import type { Rng } from '../../../../../src-shared/util/rng.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { studentQuantile } from '../../../../../src-shared/util/student-t.ts'

const ACCURACY = 'FinalTest/img_classification/eval'
const LOSS = 'FinalTest/img_classification/loss'
const RATE = 'trainer.config.optimizer_options.lr'
const PATIENCE = 'trainer.config.patience'
const SEEDS = [1, 2, 3, 4, 5]

interface Setting {
  readonly options: Readonly<Record<string, unknown>>
  score(seed: number): number | null
}

/** A comparison of settings over seeds, as the service makes it. */
function compared(settings: readonly Setting[], key = ACCURACY, seeds = SEEDS): EffectsOf {
  const runs = settings.flatMap((_, at) => seeds.map((seed) => ({ id: `${at} ${seed}`, seed })))
  const paths = [...new Set(settings.flatMap(({ options }) => Object.keys(options)))]
  const difference = (path: string) => ({
    path,
    values: settings.flatMap(({ options }) => seeds.map(() => options[path] ?? null)),
    defaults: runs.map(() => false),
    absent: settings.flatMap(({ options }) => seeds.map(() => !(path in options))),
  })
  return {
    runs,
    differences: [
      ...paths.map(difference),
      { path: 'seed', values: runs.map(({ seed }) => seed), defaults: runs.map(() => false) },
    ],
    groups: settings.map(({ score }, at) => ({
      ids: seeds.map((seed) => `${at} ${seed}`),
      metrics: [{ key, values: seeds.map(score) }],
    })),
  }
}

const RATES = [0.001, 0.002, 0.003, 0.004, 0.005]
const PATIENCES = [5, 9]
/** Ten settings: each rate with each patience; the rate has an effect of so many points from one to the next, the patience none. */
function tenSettings(points: number, rng: Rng): Setting[] {
  const luck = new Map(SEEDS.map((seed) => [seed, 3 * rng.normal()]))
  return RATES.flatMap((rate, i) =>
    PATIENCES.map((patience) => ({
      options: { [RATE]: rate, [PATIENCE]: patience },
      score: (seed: number) => 90 + (luck.get(seed) ?? 0) + points * i + 0.3 * rng.normal(),
    })),
  )
}
const settled = (c: EffectsOf): string[] =>
  optionEffects(c, ACCURACY).effects.flatMap(({ paths, delta }) =>
    delta?.outlook.kind === 'settled' ? paths : [],
  )

describe('which option matters', () => {
  it('names the option that has an effect, from its worst to its best value, and not the other', () => {
    const c = compared(tenSettings(1, createRng(1)))
    const { effects, comparisons } = optionEffects(c, ACCURACY)
    expect(comparisons).toBe(11)
    expect(effects.map(({ paths }) => paths)).toEqual([[RATE], [PATIENCE]])
    expect(effects[0]).toMatchObject({ from: 0.001, to: 0.005, pairs: 2 })
    expect(effects[0]?.delta?.outlook.kind).toBe('settled')
    expect(effects[0]?.delta?.note).toBe('paired over 5 seeds in 2 pairs of settings')
    expect(effects[1]).toMatchObject({ pairs: 5 })
    expect(effects[1]?.delta?.outlook.kind).not.toBe('settled')
  })

  it('has the mean and the interval of an independent computation, for all comparisons together', () => {
    const settings = tenSettings(0, createRng(2)).map(({ options, score }) => {
      const values = new Map(SEEDS.map((seed) => [seed, score(seed)]))
      return { options, score: (seed: number) => values.get(seed) ?? null }
    })
    const at = (rate: number, patience: number, seed: number): number =>
      settings.find(({ options }) => options[RATE] === rate && options[PATIENCE] === patience)?.score(seed) ??
      NaN
    const effect = optionEffects(compared(settings), ACCURACY).effects.find(
      ({ paths }) => paths[0] === PATIENCE,
    )
    const differences = SEEDS.map(
      (seed) => RATES.reduce((sum, rate) => sum + at(rate, 9, seed) - at(rate, 5, seed), 0) / RATES.length,
    )
    const mean = differences.reduce((a, b) => a + b, 0) / SEEDS.length
    const sd = Math.sqrt(differences.reduce((a, d) => a + (d - mean) ** 2, 0) / (SEEDS.length - 1))
    const half = (studentQuantile(1 - 0.05 / 11 / 2, SEEDS.length - 1) * sd) / Math.sqrt(SEEDS.length)
    expect(effect?.delta?.mean).toBeCloseTo(Math.abs(mean), 9)
    expect(effect?.delta?.low).toBeCloseTo(Math.abs(mean) - half, 9)
    expect(effect?.delta?.high).toBeCloseTo(Math.abs(mean) + half, 9)
    expect([effect?.from, effect?.to]).toEqual(mean > 0 ? [5, 9] : [9, 5])
  })

  it('calls something settled in at most 5 % of cases where nothing has an effect', () => {
    const rng = createRng(3)
    const rounds = 400
    let wrong = 0
    for (let i = 0; i < rounds; i++)
      if (settled(compared(tenSettings(0, rng.fork(String(i))))).length > 0) wrong++
    // Three standard deviations of a share of 5 % above it.
    expect(wrong / rounds).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / rounds))
    expect(wrong).toBeGreaterThan(0)
  })

  it('takes the lower value of a loss as the better one', () => {
    const settings = PATIENCES.map((patience, i) => ({
      options: { [PATIENCE]: patience },
      score: (seed: number) => 1 + i + 0.01 * seed ** (1 + i),
    }))
    const [effect] = optionEffects(compared(settings, LOSS), LOSS).effects
    expect([effect?.from, effect?.to]).toEqual([9, 5])
    expect(effect?.delta?.mean).toBeLessThan(0)
  })

  it('takes options that always change together as one, the component first', () => {
    const settings = [0, 1].map((i) => ({
      options: { [RATE]: 0.1 * i, 'model.fn': ['a', 'b'][i], [PATIENCE]: 3 },
      score: (seed: number) => 90 + i + 0.1 * seed * i,
    }))
    expect(optionEffects(compared(settings), ACCURACY).effects.map(({ paths }) => paths)).toEqual([
      ['model.fn', RATE],
    ])
  })

  it('says that an option never changes alone, and that seeds are missing', () => {
    const never = [
      { options: { [RATE]: 0.1, [PATIENCE]: 1 }, score: () => 90 },
      { options: { [RATE]: 0.2, [PATIENCE]: 2 }, score: () => 91 },
      { options: { [RATE]: 0.2, [PATIENCE]: 3 }, score: () => null },
    ]
    expect(optionEffects(compared(never), ACCURACY)).toEqual({
      key: ACCURACY,
      comparisons: 0,
      effects: [
        { paths: [RATE], from: 0.1, to: 0.2, pairs: 0, delta: null },
        { paths: [PATIENCE], from: 1, to: 2, pairs: 0, delta: null },
      ],
    })
    const one = PATIENCES.map((patience, i) => ({ options: { [PATIENCE]: patience }, score: () => 90 + i }))
    const [effect] = optionEffects(compared(one, ACCURACY, [7]), ACCURACY).effects
    expect(effect?.delta).toMatchObject({
      mean: 1,
      low: null,
      high: null,
      note: 'one seed in 1 pair of settings, no interval',
      outlook: { kind: 'no-spread', more: 2 },
    })
  })
})
