import { describe, expect, it } from 'vitest'
import { expandRecipe } from '../../../../src-shared/schema/expand-recipe.ts'
import type { RecipeIn } from '../../../../src-shared/schema/recipe.ts'
import { parseRecipe } from '../../../../src-shared/schema/recipe.ts'
import { withRuns } from '../../../../src-shared/schema/step-reference.ts'

const plain = { dataset: { fn: 'img_loader' }, model: { fn: 'mtl_builder' }, trainer: { fn: 'cotrainer' } }
const v1 = {
  dataset: { fn: 'neural_loader', config: { dataset: 'in_silico' } },
  model: { fn: 'mtl_builder', config: { classification: false, v1_model_layer: 8 } },
  trainer: { fn: 'cotrainer', config: { loss_functions: { v1: 'PoissonLoss' }, to_monitor: ['v1'] } },
}
const joint = {
  dataset: { fn: 'mtl_loader', config: { v1_dataset_dict: { dataset: { from: { step: 'v1-model' } } } } },
  model: { fn: 'mtl_builder', config: { v1_model_layer: 8 } },
  trainer: {
    fn: 'cotrainer',
    config: { loss_functions: { v1: 'MSELoss', img_classification: 'CrossEntropyLoss' } },
  },
}
type Steps = NonNullable<RecipeIn['steps']>
const problemsIn = (recipe: Partial<RecipeIn>): readonly string[] => {
  const parsed = parseRecipe({ name: 'Test', ...recipe })
  const found = parsed.ok ? expandRecipe(parsed.value, () => null).problems : parsed.problems
  return found.map(({ path, message, hint }) => `${path}: ${message} | ${hint}`)
}
function plan(steps: Steps, more: Partial<RecipeIn> = {}) {
  const parsed = parseRecipe({ name: 'Test', steps, ...more })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return expandRecipe(parsed.value, () => null)
}
const dataOf = (config: unknown): string =>
  (config as { dataset: { config: { v1_dataset_dict: { dataset: string } } } }).dataset.config.v1_dataset_dict
    .dataset
const child = (reference: Record<string, unknown>): Steps[string] => ({ baseline: over(reference) })
const over = (reference: Record<string, unknown>) => {
  const read = reference['use'] === 'layer' ? { predictions: { layer: 'conv1' } } : {}
  const v1_dataset_dict = { dataset: { from: reference }, ...read }
  return { ...joint, dataset: { fn: 'mtl_loader', config: { v1_dataset_dict } } }
}

describe('a recipe of steps', () => {
  it('puts each step after those that it builds on, with the seeds of the recipe or its own', () => {
    const made = plan(
      {
        main: { title: 'Co-training', baseline: joint },
        'v1-model': { baseline: v1, seeds: [1, 2, 3] },
        alone: { baseline: plain },
      },
      { seeds: [1, 2] },
    )
    expect(made.problems).toEqual([])
    expect(made.steps).toEqual([
      { name: 'v1-model', title: 'v1-model', after: [], depth: 0 },
      { name: 'alone', title: 'alone', after: [], depth: 0 },
      { name: 'main', title: 'Co-training', after: ['v1-model'], depth: 1 },
    ])
    expect(made.runs.map(({ step, config }) => `${step} ${config.name} ${config.seed}`)).toEqual([
      'v1-model Test, v1-model 1',
      'v1-model Test, v1-model 2',
      'v1-model Test, v1-model 3',
      'alone Test, alone 1',
      'alone Test, alone 2',
      'main Test, Co-training 1',
      'main Test, Co-training 2',
    ])
    expect(made.runs.every(({ config }) => config.tags.includes('Test'))).toBe(true)
  })

  it('holds a place for the run of the same seed, the best of all, or one by its seed', () => {
    const made = plan(
      {
        'v1-model': { baseline: v1 },
        same: child({ step: 'v1-model', use: 'predictions' }),
        best: child({ step: 'v1-model', use: 'best-of-seeds' }),
        layer: child({ step: 'v1-model', use: 'layer', seed: 'best' }),
        second: child({ step: 'v1-model', seed: 2 }),
      },
      { seeds: [1, 2] },
    )
    expect(made.problems).toEqual([])
    const of = (step: string) => made.runs.filter((run) => run.step === step)
    const needs = (step: string) => of(step).map((run) => run.needs.map(({ seed }) => seed))
    expect(['same', 'best', 'layer', 'second'].map(needs)).toEqual([
      [[1], [2]],
      [['best'], ['best']],
      [['best'], ['best']],
      [[2], [2]],
    ])
    const [first, second] = of('same')
    const ids = new Map([[first!.needs[0]!.id, 'a'.repeat(64)]])
    expect(dataOf(withRuns(first!.config, ids))).toBe(`predicted:${'a'.repeat(64)}`)
    expect(dataOf(second!.config)).not.toBe(dataOf(first!.config))
    expect(dataOf(of('layer')[0]!.config)).toBe(`oracle:${of('best')[0]!.needs[0]!.id}`)
  })

  it('gives a parent weights, training or data, in whole or beside its other options', () => {
    const from = (reference: Record<string, unknown>) =>
      plan({ first: { baseline: plain }, second: { baseline: { ...plain, parent: { from: reference } } } })
        .runs[1]!
    expect(from({ step: 'first' }).config.parent).toMatchObject({ use: 'weights', strict: false })
    expect(from({ step: 'first', use: 'training' }).config.parent?.use).toBe('training')
    expect(from({ step: 'first', use: 'predictions' }).config.parent?.use).toBe('data')
    const beside = plan({
      first: { baseline: plain },
      second: { baseline: { ...plain, parent: { run: { from: { step: 'first' } }, strict: true } } },
    }).runs[1]!
    expect(beside.config.parent).toMatchObject({ run: beside.needs[0]?.id, strict: true, use: 'weights' })
  })

  it('tells settings apart that differ in the run alone which they build on', () => {
    const two: Steps[string] = {
      baseline: v1,
      list: [{ label: 'a' }, { label: 'b', patch: { 'trainer.patience': 7 } }],
    }
    const made = plan({
      two,
      main: {
        baseline: plain,
        list: ['a', 'b'].map((variant) => ({ label: variant, from: over({ step: 'two', variant }) })),
      },
    })
    expect(made.problems).toEqual([])
    expect(made.runs.map(({ step, label }) => `${step} ${label}`)).toEqual([
      'two a',
      'two b',
      'main a',
      'main b',
    ])
  })

  it.each<[string, Partial<RecipeIn>, string]>([
    [
      'a circle',
      { steps: { a: child({ step: 'c' }), b: child({ step: 'a' }), c: child({ step: 'b' }) } },
      'steps.a: the steps build on each other in a circle: a on c on b on a. | Take one',
    ],
    [
      'itself',
      { steps: { a: child({ step: 'a' }) } },
      'steps.a: the steps build on each other in a circle: a on a.',
    ],
    [
      'an unknown step',
      { steps: { 'v1-model': { baseline: v1 }, b: child({ step: 'v1-modle' }) } },
      'steps.b.baseline.dataset.config.v1_dataset_dict.dataset.from.step: there is no step "v1-modle". | Did you mean "v1-model"?',
    ],
    [
      'a step in a flat recipe',
      { baseline: joint },
      'baseline.dataset.config.v1_dataset_dict.dataset.from.step: this recipe has no steps.',
    ],
    [
      'one of several settings',
      {
        steps: {
          a: { baseline: v1, list: [{ label: 'x' }, { label: 'y', patch: { 'trainer.patience': 7 } }] },
          b: child({ step: 'a' }),
        },
      },
      'dataset.config.v1_dataset_dict.dataset.from.variant: the step "a" makes 2 settings, and which is meant is not said. (in "b") | Add variant: one of "x", "y".',
    ],
    [
      'an unknown setting',
      { steps: { a: { baseline: v1, list: [{ label: 'x' }] }, b: child({ step: 'a', variant: 'z' }) } },
      'dataset.config.v1_dataset_dict.dataset.from.variant: the step "a" makes no setting "z". (in "b") | Use one of "x".',
    ],
    [
      'a seed that is not there',
      { seeds: [3], steps: { a: { baseline: v1, seeds: [1, 2] }, b: child({ step: 'a' }) } },
      'dataset.config.v1_dataset_dict.dataset.from.seed: the step "a" has no run of seed 3. (in "b") | Use seed: best, one of its seeds (1, 2), or add this one to its seeds.',
    ],
    [
      'an unknown key',
      { steps: { a: { baseline: v1 }, b: child({ step: 'a', uses: 'weights' }) } },
      'dataset.config.v1_dataset_dict.dataset.from.uses: unknown option. (in "b") | Did you mean "use"?',
    ],
    [
      'weights for data',
      { steps: { a: { baseline: v1 }, b: child({ step: 'a', use: 'weights' }) } },
      'a data set is made of predictions or of a layer, not of weights.',
    ],
    [
      'a layer for a parent',
      {
        steps: {
          a: { baseline: plain },
          b: { baseline: { ...plain, parent: { from: { step: 'a', use: 'layer' } } } },
        },
      },
      'parent.from.use: a parent gives weights or data, no layer.',
    ],
    [
      'an option',
      { steps: { a: { baseline: plain }, b: { baseline: { ...plain, comment: { from: { step: 'a' } } } } } },
      'comment.from: a step cannot stand here.',
    ],
    [
      'a step without runs',
      { steps: { a: { baseline: plain, list: [{ label: 'x' }], exclude: [{ match: { seed: null } }] } } },
      'steps.a.exclude: the step "a" makes no run: every variant is left out.',
    ],
    [
      'a baseline beside steps',
      { baseline: plain, steps: { a: { baseline: plain } } },
      'baseline: a recipe with steps has none of its own.',
    ],
    [
      'axes beside steps',
      { axes: [{ label: 'x', values: [{ label: '1', patch: {} }] }], steps: { a: { baseline: plain } } },
      'axes: a recipe with steps varies nothing itself.',
    ],
    ['nothing', {}, 'baseline: is not given.'],
    [
      'a label twice',
      { steps: { a: { baseline: plain, list: [{ label: 'x' }, { label: 'x' }] } } },
      'steps.a.list: "x" is there twice.',
    ],
    [
      'an unknown baseline',
      { compareTo: 'z', steps: { a: { baseline: plain, list: [{ label: 'x' }] } } },
      'compareTo: no variant is called "z". | Use one of "x".',
    ],
  ])('refuses %s', (_what, recipe, expected) => {
    expect(problemsIn(recipe)).toEqual([expect.stringContaining(expected)])
  })

  it('names an option that is wrong with its step', () => {
    expect(problemsIn({ steps: { a: { baseline: { ...plain, colour: 1 } } } })).toEqual([
      expect.stringContaining('colour: unknown option. (in "a")'),
    ])
  })
})
