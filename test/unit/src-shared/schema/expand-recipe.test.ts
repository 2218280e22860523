import { describe, expect, it } from 'vitest'
import { expandRecipe, MOST_RUNS } from '../../../../src-shared/schema/expand-recipe.ts'
import type { RecipeIn } from '../../../../src-shared/schema/recipe.ts'
import { parseRecipe } from '../../../../src-shared/schema/recipe.ts'

const baseline = {
  name: 'Base',
  dataset: { fn: 'img_loader' },
  model: { fn: 'mtl_builder' },
  trainer: { fn: 'cotrainer', config: { scheduler: 'adaptive', lr_decay: 0.4 } },
}

function plan(recipe: Partial<RecipeIn>, inputs: Record<string, string> = {}) {
  const parsed = parseRecipe({ name: 'Test', baseline, ...recipe })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return expandRecipe(
    parsed.value,
    (name) => (name === 'other' ? { ...baseline, name: 'Other' } : null),
    inputs,
  )
}
const axis = (label: string, path: string, values: readonly unknown[]) => ({
  label,
  values: values.map((v) => ({ label: String(v), patch: { [path]: v } })),
})
const lines = ({ runs }: ReturnType<typeof plan>) => runs.map((r) => `${r.config.name} | ${r.config.seed}`)

describe('a recipe', () => {
  it('expands axes from left to right, then the list, then seeds', () => {
    const made = plan({
      axes: [axis('decay', 'trainer.lr_decay', [0.3, 0.5]), axis('patience', 'trainer.patience', [2, 4])],
      list: [{ label: 'wide', patch: { 'model.width': 0.5 } }],
      seeds: [1, 2],
    })
    expect(made.problems).toEqual([])
    expect(lines(made)).toEqual([
      'Base, decay 0.3, patience 2 | 1',
      'Base, decay 0.3, patience 2 | 2',
      'Base, decay 0.3, patience 4 | 1',
      'Base, decay 0.3, patience 4 | 2',
      'Base, decay 0.5, patience 2 | 1',
      'Base, decay 0.5, patience 2 | 2',
      'Base, decay 0.5, patience 4 | 1',
      'Base, decay 0.5, patience 4 | 2',
      'Base, wide | 1',
      'Base, wide | 2',
    ])
    expect(made.runs[2]?.config.trainer.config).toMatchObject({ lr_decay: 0.3, patience: 4 })
    expect(made.runs.every((r) => r.config.tags.includes('Test'))).toBe(true)
  })

  it('is the baseline alone when nothing varies, with the seed of the config', () => {
    expect(lines(plan({}))).toEqual(['Base | 1000'])
  })

  it('merges variants that are the same run and says so', () => {
    const made = plan({
      list: [
        { label: 'as it is', patch: {} },
        { label: 'same', patch: { 'trainer.lr_decay': 0.4, comment: 'a comment is no setting' } },
      ],
    })
    expect(made.runs.map((r) => [r.label, r.also])).toEqual([['as it is', ['same']]])
  })

  it('names a variant once among those that are the same run, however often it comes', () => {
    const list = [{ label: 'as it is' }, { label: 'same' }]
    expect(plan({ list, seeds: [1, 1] }).runs.map((r) => [r.label, r.also])).toEqual([['as it is', ['same']]])
  })

  it('gives its name to runs whose config has none, and its tag once', () => {
    const { name: _, ...nameless } = baseline
    for (const start of [nameless, { ...baseline, name: '' }])
      expect(plan({ baseline: start, list: [{ label: 'wide' }] }).runs[0]?.config.name).toBe('Test, wide')
    const tags = (tagged: object, recipe: Partial<RecipeIn> = {}) =>
      plan({ baseline: { ...baseline, ...tagged }, ...recipe }).runs[0]?.config.tags
    expect(tags({})).toEqual(['Test'])
    expect(tags({ tags: ['mine', 'Test'] })).toEqual(['mine', 'Test'])
    expect(tags({ tags: ['mine'] }, { tag: 'family' })).toEqual(['mine', 'family'])
    expect(plan({ list: [{ label: 'x', patch: { name: 'Own' } }] }).runs[0]?.config.name).toBe('Own')
  })

  it('leaves out what exclude names, by axis label or by option', () => {
    const axes = [axis('decay', 'trainer.lr_decay', [0.3, 0.5]), axis('patience', 'trainer.patience', [2, 4])]
    const made = plan({ axes, exclude: [{ match: { decay: '0.3', 'trainer.patience': 4 } }] })
    expect(made.excluded).toBe(1)
    expect(made.runs.map((r) => r.label)).toEqual([
      'decay 0.3, patience 2',
      'decay 0.5, patience 2',
      'decay 0.5, patience 4',
    ])
  })

  it('starts a variant from another config when it is named', () => {
    const made = plan({
      list: [
        { label: 'x', from: 'other' },
        { label: 'y', from: 'unknown' },
      ],
    })
    expect(lines(made)).toEqual(['Other | 1000'])
    expect(made.problems).toMatchObject([{ path: 'list.y.from', message: 'no config is called "unknown".' }])
    expect(plan({ baseline: 'unknown' }).problems[0]?.path).toBe('baseline')
  })

  it('says which variant a wrong option belongs to', () => {
    const made = plan({ axes: [axis('decay', 'trainer.lr_decai', [0.3])] })
    expect(made.problems[0]).toMatchObject({ path: 'trainer.config.lr_decai' })
    expect(made.problems[0]?.message).toContain('in "decay 0.3"')
    expect(made.problems[0]?.hint).toContain('lr_decay')
  })

  it('names each mistake once, twenty at the most', () => {
    const { problems } = plan({
      baseline: { ...baseline, colour: 1, model: { fn: 'mtl_builder', config: { colour: 1 } } },
    })
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'colour: unknown option.',
      'model.config.colour: unknown option.',
    ])
    const values = Array.from({ length: 21 }, (_, i) => i)
    expect(plan({ axes: [axis('decay', 'trainer.lr_decai', values)] }).problems).toHaveLength(20)
  })

  it('puts inputs where they are named and asks for those that are missing', () => {
    const recipe = {
      inputs: { rate: { label: 'The rate' } },
      list: [{ label: 'r', patch: { comment: 'rate ${rate}' } }],
    }
    expect(plan(recipe).problems[0]?.message).toBe('The rate is not given.')
    expect(plan(recipe, { rate: ' 7 ' }).runs[0]?.config.comment).toBe('rate 7')
    const known = { ...recipe, inputs: { rate: { label: 'The rate', default: '5' } } }
    expect(plan(known).runs[0]?.config.comment).toBe('rate 5')
    const asked = (input: { label: string; help?: string }) =>
      plan({ ...recipe, inputs: { rate: input } }).problems.map(({ path, message, hint }) => [
        path,
        message,
        hint,
      ])
    expect(asked({ label: '' })).toEqual([['inputs.rate', 'rate is not given.', 'Give it a value.']])
    expect(asked({ label: 'The rate', help: 'Per epoch.' })[0]?.[2]).toBe('Per epoch.')
    expect(plan(recipe, { rate: '  ' }).runs).toEqual([])
  })

  it('trains no network twice: an axis without effect is refused, or its runs are one', () => {
    const momentum = plan({ axes: [axis('momentum', 'trainer.optimizer_options.momentum', [0.5, 0.9])] })
    expect(momentum.runs).toEqual([])
    expect(momentum.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'trainer.config.optimizer_options.momentum: this option has no effect with optimizer: "Adam". (in "momentum 0.5")',
      'trainer.config.optimizer_options.momentum: this option has no effect with optimizer: "Adam". (in "momentum 0.9")',
    ])
    for (const [path, values] of [
      ['trainer.use_tensorboard', [true, false]], // only read, for published configs
      ['trainer.readout_name', ['fc', 'readout']], // carried by them where nothing is frozen
      ['model.v1_gamma_readout', [0.1, 0.5]], // the trainer adds no regulariser
      ['model.input_size', [64, null]], // compared with the data
      ['trainer.lr_warmup', [0, 1]], // one epoch of warm-up has the full rate from the start
    ] as const) {
      const { runs, problems } = plan({ axes: [axis('idle', path, values)] })
      expect([path, problems, runs.length, runs[0]?.also.length]).toEqual([path, [], 1, 1])
    }
  })

  it('refuses more runs than anybody means', () => {
    const seeds = Array.from({ length: MOST_RUNS + 1 }, (_, i) => i)
    expect(plan({ seeds }).problems[0]?.message).toContain('1001 runs')
  })

  it('draws the same trials for the same seed, and further ones do not change the first', () => {
    const search = (trials: number, seed = 3): Partial<RecipeIn> => ({
      search: {
        method: 'random',
        trials,
        seed,
        space: [
          { kind: 'float', path: 'trainer.optimizer_options.lr', min: 1e-4, max: 1e-1, log: true },
          { kind: 'int', path: 'trainer.patience', min: 2, max: 9 },
          { kind: 'choice', path: 'trainer.threshold_mode', values: ['rel', 'abs'] },
        ],
      },
    })
    const five = plan(search(5)).runs.map((r) => r.patch)
    expect(
      plan(search(8))
        .runs.slice(0, 5)
        .map((r) => r.patch),
    ).toEqual(five)
    expect(plan(search(2)).runs.map((r) => r.label)).toEqual(['trial 1', 'trial 2'])
    expect(plan(search(5, 4)).runs.map((r) => r.patch)).not.toEqual(five)
    for (const patch of five) {
      expect(patch['trainer.optimizer_options.lr']).toBeGreaterThanOrEqual(1e-4)
      expect(patch['trainer.optimizer_options.lr']).toBeLessThanOrEqual(1e-1)
      expect([2, 3, 4, 5, 6, 7, 8, 9]).toContain(patch['trainer.patience'])
    }
  })

  it('names unknown keys and labels that are there twice', () => {
    const wrong = parseRecipe({ name: 'x', baseline, axis: [] })
    expect(wrong.ok ? '' : wrong.problems[0]?.hint).toContain('axes')
    const twice = parseRecipe({ name: 'x', baseline, list: [{ label: 'a' }, { label: 'a' }] })
    expect(twice.ok ? '' : twice.problems[0]?.message).toContain('"a" is there twice')
  })

  it.each<[Partial<RecipeIn>, string]>([
    [{ axes: [axis('a', 'seed', [1]), axis('a', 'seed', [2])] }, 'axes: "a" is there twice.'],
    [{ axes: [axis('a', 'seed', [1, 1])] }, 'axes.0.values: "1" is there twice.'],
    [{ list: [{ label: 'a' }], compareTo: 'b' }, 'compareTo: no variant is called "b".'],
    [{ inputs: { Rate: { label: 'x' } } }, 'inputs.Rate: expected small letters, digits and _'],
    [{ inputs: { 'a-b': { label: 'x' } } }, 'inputs.a-b: expected small letters, digits and _'],
  ])('refuses %j', (recipe, expected) => {
    const parsed = parseRecipe({ name: 'x', baseline, ...recipe })
    const told = parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`)
    expect(told).toEqual([expect.stringContaining(expected)])
  })

  it('compares with a variant of the list, or with one that axes make', () => {
    const fine = (recipe: Partial<RecipeIn>) => parseRecipe({ name: 'x', baseline, ...recipe }).ok
    expect(fine({ list: [{ label: 'b' }, { label: 'a' }], compareTo: 'a' })).toBe(true)
    expect(fine({ axes: [axis('a', 'seed', [1, 2])], list: [{ label: 'b' }], compareTo: 'a 1' })).toBe(true)
    expect(fine({ compareTo: 'a' })).toBe(true)
    const wrong = parseRecipe({ name: 'x', baseline, list: [{ label: 'a' }, { label: 'b' }], compareTo: 'c' })
    expect(wrong.ok ? '' : wrong.problems[0]?.hint).toBe('Use one of "a", "b".')
  })
})
