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
    expect(made.problems[0]?.message).toContain('no config is called "unknown"')
  })

  it('says which variant a wrong option belongs to', () => {
    const made = plan({ axes: [axis('decay', 'trainer.lr_decai', [0.3])] })
    expect(made.problems[0]).toMatchObject({ path: 'trainer.config.lr_decai' })
    expect(made.problems[0]?.message).toContain('in "decay 0.3"')
    expect(made.problems[0]?.hint).toContain('lr_decay')
  })

  it('puts inputs where they are named and asks for those that are missing', () => {
    const recipe = {
      inputs: { rate: { label: 'The rate' } },
      list: [{ label: 'r', patch: { comment: 'rate ${rate}' } }],
    }
    expect(plan(recipe).problems[0]?.message).toBe('The rate is not given.')
    expect(plan(recipe, { rate: '7' }).runs[0]?.config.comment).toBe('rate 7')
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
})
