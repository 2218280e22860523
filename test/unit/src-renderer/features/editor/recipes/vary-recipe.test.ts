import { describe, expect, it } from 'vitest'
import { sectionsOf } from '../../../../../../src-renderer/config/form-state.ts'
import {
  variableOptions,
  varyRecipe,
} from '../../../../../../src-renderer/features/editor/recipes/vary-recipe.ts'
import { expandRecipe } from '../../../../../../src-shared/schema/expand-recipe.ts'
import { parseRecipe } from '../../../../../../src-shared/schema/recipe.ts'

const given = {
  name: 'Base',
  dataset: { fn: 'mtl_loader', config: { v1_dataset_dict: { dataset: 'in_silico' } } },
  model: { fn: 'mtl_builder' },
  trainer: {
    fn: 'cotrainer',
    config: {
      loss_functions: { v1: 'PoissonLoss', img_classification: 'CrossEntropyLoss' },
      train_cycler: 'MTL_Cycler',
    },
  },
}
const options = variableOptions(sectionsOf(given))
const option = (id: string) => {
  const found = options.find((o) => o.id === id)
  if (found === undefined) throw new Error(`no option ${id}`)
  return found
}

describe('varying options of a config', () => {
  it('offers every option that decides the result, parts of groups alone', () => {
    const ids = options.map((o) => o.id)
    expect(ids).toContain('trainer.config.optimizer_options.lr')
    expect(ids).toContain('dataset.config.img_dataset_dict.batch_size')
    expect(ids).not.toContain('name')
    expect(ids).not.toContain('seed')
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('makes one run per combination and seed', () => {
    const recipe = varyRecipe(
      given,
      'Sweep',
      [
        { option: option('trainer.config.optimizer_options.lr'), text: '0.1, 0.01' },
        { option: option('trainer.config.train_cycler_args.ratio'), text: '{1: 0.5}; {1: 1}' },
      ],
      [1, 2],
    )
    const parsed = parseRecipe(recipe)
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    const { runs, problems } = expandRecipe(parsed.value, () => null)
    expect(problems).toEqual([])
    expect(runs).toHaveLength(8)
    expect(runs[0]?.config.name).toBe('Base, lr 0.1, ratio { "1": 0.5 }')
    expect(runs[0]?.config.trainer.config).toMatchObject({
      optimizer_options: { lr: 0.1 },
      train_cycler_args: { ratio: { '1': 0.5 } },
    })
    expect(runs.every((r) => r.config.tags.includes('Sweep'))).toBe(true)
  })

  it('is nothing while a value cannot be read', () => {
    const one = { option: option('trainer.config.optimizer_options.lr'), text: 'fast' }
    expect(varyRecipe(given, 'Sweep', [one], [1])).toBeNull()
  })
})
