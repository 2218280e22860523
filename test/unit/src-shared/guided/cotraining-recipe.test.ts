import { describe, expect, it } from 'vitest'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import type { Chosen, Pictures } from '../../../../src-shared/guided/choices.ts'
import { complete, lengthWords, obstacles, SETTINGS, titleOf } from '../../../../src-shared/guided/choices.ts'
import { areaOf } from '../../../../src-shared/guided/suggestions.ts'
import { cotrainingRecipe, settingConfig } from '../../../../src-shared/guided/cotraining-recipe.ts'
import { diffConfigs } from '../../../../src-shared/schema/diff.ts'
import type { PlannedRun } from '../../../../src-shared/schema/expand-recipe.ts'
import { expandRecipe } from '../../../../src-shared/schema/expand-recipe.ts'
import { parseRecipe } from '../../../../src-shared/schema/recipe.ts'
import type { RunConfig } from '../../../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../../../src-shared/schema/run-config.ts'

type DataSet = Result<'data.get'>
type Session = NonNullable<DataSet['sessions']>[number]

const set: DataSet = {
  id: 'a',
  name: 'cells',
  kind: 'neural',
  origin: '',
  fingerprint: '',
  addedAt: 0,
  bytes: 0,
  summary: '',
  facts: [],
  findings: [],
  present: true,
}
const session = (name: string, more: Partial<Session> = {}): Session => ({
  session: name,
  area: 'V4',
  units: 2,
  trials: 8,
  tiers: [
    { name: 'training', trials: 6 },
    { name: 'test', trials: 2 },
  ],
  images: 4,
  repeats: { least: 2, mean: 2, most: 2 },
  meanResponse: 1,
  fano: 1,
  missing: 0,
  oracle: null,
  explainableVariance: null,
  ...more,
})
const part = (name: string, more = {}) => ({
  ...{ name, images: 9, height: 64, width: 64, channels: 3, mean: [], std: [], grey: 0 },
  perClass: { least: 3, most: 3 },
  ...more,
})
function recorded(
  more: Partial<DataSet> = {},
  sessions = ['x', 'y'],
  area: 'v1' | 'v4' = 'v4',
): Chosen['responses'] {
  const stimuli = { height: 100, width: 100, channels: 1 }
  return {
    kind: 'recorded',
    set: { ...set, sessions: [session('x'), session('y')], stimuli, ...more },
    sessions,
    area,
  }
}
const pictures = (parts = [part('train'), part('test')]): Pictures => ({
  kind: 'set',
  set: { ...set, id: 'b', name: 'tiny', kind: 'images', parts },
})
const all: Chosen = {
  responses: recorded(),
  pictures: pictures(),
  settings: [...SETTINGS],
  seeds: 1,
  length: 'quick',
  network: 'small',
}

function runsOf(choices: Chosen): readonly PlannedRun[] {
  const parsed = parseRecipe(cotrainingRecipe(choices))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const { runs, problems } = expandRecipe(parsed.value, () => null)
  expect(problems).toEqual([])
  return runs
}
const part1 = (run: PlannedRun, name: string): unknown =>
  (run.config.dataset.config as Record<string, unknown>)[name]
/** Options in which two runs differ, without their names. */
const differing = (a: RunConfig, b: RunConfig): readonly string[] =>
  diffConfigs([a, b])
    .map(({ path }) => path)
    .filter((path) => path !== 'name')

describe('the recipe of a co-training', () => {
  const responses: Chosen['responses'][] = [recorded(), recorded({}, ['x'], 'v1'), { kind: 'simulated' }]
  const shown: Pictures[] = [pictures(), { kind: 'digits' }]
  it.each(
    responses.flatMap((r) =>
      shown.flatMap((p) => (['small', 'published'] as const).map((n) => [r, p, n] as const)),
    ),
  )('is valid for every choice, in four settings that differ (%#)', (chosen, seen, network) => {
    const runs = runsOf({ ...all, responses: chosen, pictures: seen, network })
    expect(runs.map((r) => r.label)).toEqual([
      'Pictures alone',
      'Co-trained',
      'Shuffled responses',
      'Responses alone',
    ])
  })

  it('differs between settings only in what each is there for', () => {
    const [alone, trained, shuffled, responsesAlone] = runsOf(all).map((r) => r.config)
    if (!alone || !trained || !shuffled || !responsesAlone) throw new Error('a setting is missing')
    expect(differing(trained, shuffled)).toEqual(['dataset.config.v4_dataset_dict.variant'])
    const shared = [
      'img_dataset_dict',
      'optimizer',
      'max_iter',
      'vgg_type',
      'width',
      'lr',
      'scheduler',
      'batch_size',
    ]
    for (const path of differing(alone, trained))
      expect(
        shared.some((word) => path.startsWith(`dataset.config.${word}`) || path === `trainer.config.${word}`),
      ).toBe(false)
    expect(trained.trainer.config).toMatchObject({ max_iter: 4, loss_functions: { v4: 'PoissonLoss' } })
    expect(responsesAlone.trainer.config).toMatchObject({
      loss_functions: { v4: 'PoissonLoss' },
      to_monitor: ['v4'],
    })
    expect(responsesAlone.trainer.config).not.toHaveProperty('loss_functions.img_classification')
  })

  it('has each seed, names that say what they are, and the first setting as baseline', () => {
    const chosen: Chosen = { ...all, settings: ['cotrained', 'pictures'], seeds: 3, length: 'full' }
    expect(cotrainingRecipe(chosen)).toMatchObject({
      name: 'V4 of cells, 2 sessions, with tiny',
      compareTo: 'Pictures alone',
      question: 'Do V4 responses change what a network learns from pictures?',
    })
    const runs = runsOf(chosen)
    expect(runs.map((r) => [r.config.name, r.config.seed])).toEqual([
      ['V4 of cells, 2 sessions, with tiny: pictures alone', 1000],
      ['V4 of cells, 2 sessions, with tiny: pictures alone', 2000],
      ['V4 of cells, 2 sessions, with tiny: pictures alone', 3000],
      ['V4 of cells, 2 sessions, with tiny: co-trained', 1000],
      ['V4 of cells, 2 sessions, with tiny: co-trained', 2000],
      ['V4 of cells, 2 sessions, with tiny: co-trained', 3000],
    ])
  })

  it('is what the editor opens', () => {
    const parsed = parseRunConfig(settingConfig(all, 'cotrained'))
    const run = runsOf(all).find((r) => r.label === 'Co-trained')
    if (!parsed.ok || run === undefined) throw new Error('no such config')
    expect({ ...parsed.value, tags: run.config.tags }).toEqual(run.config)
  })

  it('takes its options from the data', () => {
    const options = (choices: Partial<Chosen>) => {
      const [run] = runsOf({ ...all, settings: ['cotrained'], ...choices })
      if (run === undefined) throw new Error('no run')
      return run
    }
    const negative = [session('x', { meanResponse: -0.2 }), session('y')]
    expect(options({ responses: recorded({ sessions: negative }) }).config.trainer.config).toMatchObject({
      loss_functions: { v4: 'MSELoss' },
    })
    expect(part1(options({}), 'v4_dataset_dict')).toMatchObject({
      scale: 0.64,
      crop: 0,
      test_frac: 0,
      sessions: [],
    })
    const untested = [session('x', { tiers: [{ name: 'pool', trials: 8 }] }), session('y')]
    expect(
      part1(options({ responses: recorded({ sessions: untested }, ['x']) }), 'v4_dataset_dict'),
    ).toMatchObject({
      test_frac: 0.2,
      sessions: ['x'],
    })
    const stimuli = { height: 32, width: 32, channels: 3 }
    const colour = options({ responses: recorded({ stimuli }) })
    expect(part1(colour, 'v4_dataset_dict')).toMatchObject({ scale: 1, train_transformation: false })
    expect(part1(colour, 'img_dataset_dict')).toMatchObject({ apply_grayscale: false, input_size: 64 })
    const grey = options({ responses: recorded({ stimuli }), pictures: { kind: 'digits' } })
    expect(part1(grey, 'v4_dataset_dict')).toMatchObject({
      train_transformation: true,
      apply_grayscale: true,
    })
    expect(part1(grey, 'img_dataset_dict')).toMatchObject({ dataset_cls: 'MNIST', input_size: 32 })
    const large = options({ pictures: pictures([part('train', { height: 224, width: 224 }), part('test')]) })
    expect(part1(large, 'img_dataset_dict')).toMatchObject({ input_size: 64 })
  })

  it('takes more of a small set, so that nothing is learned or scored by chance, and says what', () => {
    const shares = (train: number, test: number) => {
      const shown = pictures([part('train', { images: train }), part('test', { images: test })])
      const [run] = runsOf({ ...all, pictures: shown, settings: ['pictures'] })
      if (run === undefined) throw new Error('no run')
      const options = part1(run, 'img_dataset_dict') as Record<string, number>
      const { train_subset, test_subset, fly_subset } = options
      return [train_subset, test_subset, fly_subset, lengthWords('quick', shown)]
    }
    expect(shares(300, 120)).toEqual([
      ...[1, 1, 1],
      '4 epochs on all of the pictures and all responses; scored on all of the test pictures and on 8 corruptions at 3 severities, on all of them.',
    ])
    expect(shares(8000, 2000).slice(0, 3)).toEqual([0.25, 0.5, 0.5])
    expect(shares(100_000, 10_000)).toEqual([
      ...[0.1, 0.2, 0.25],
      '4 epochs on a tenth of the pictures and all responses; scored on a fifth of the test pictures and on 8 corruptions at 3 severities, on 25 % of them.',
    ])
  })

  it('is refused by name where it cannot work', () => {
    const none = { ...all, responses: null, pictures: null, settings: [] }
    expect(obstacles(none)).toEqual(['Choose responses.', 'Choose pictures.', 'Tick at least one setting.'])
    expect(titleOf(none)).toBe('')
    expect(obstacles(all)).toEqual([])
    const of = (more: Partial<Chosen>): string => obstacles({ ...all, ...more }).join(' ')
    expect(of({ responses: recorded({}, []) })).toBe('Tick at least one session of "cells".')
    const both = [session('x'), session('y', { area: 'V1' })]
    expect(of({ responses: recorded({ sessions: both }) })).toContain('tick those of one area')
    expect(of({ responses: recorded({ sessions: both }, ['x']) })).toBe('')
    const unsaid = { ...all, responses: { ...recorded(), area: null } }
    expect(obstacles(unsaid)).toEqual(['Say whether the units of "cells" were recorded in V1 or in V4.'])
    expect(complete(unsaid)).toBeNull()
    expect(areaOf([session('x', { area: 'V4' }), session('y', { area: '' })])).toBeNull()
    expect(areaOf([session('x', { area: 'V4' }), session('y', { area: 'V1' })])).toBe('v4')
    expect(of({ responses: recorded({ present: false }) })).toContain('"cells" are not where they were')
    expect(of({ pictures: pictures([part('test')]) })).toBe('"tiny" has no training pictures.')
    expect(of({ pictures: pictures([part('train')]) })).toContain('neither test nor validation')
  })
})
