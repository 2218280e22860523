import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { RunStore } from '../../src-main/store/run-store.ts'
import { expandRecipe } from '../../src-shared/schema/expand-recipe.ts'
import { parseRecipe } from '../../src-shared/schema/recipe.ts'
import { makeFinishedRun } from '../support/made-runs.ts'
import { check, checkEqual } from './scenario.ts'

const LR = 'trainer.optimizer_options.lr'

const recipeOf = (trials: number) => ({
  name: 'Which rate',
  question: 'Which learning rate is best?',
  baseline: {
    dataset: { fn: 'img_loader', config: { dataset_cls: 'MNIST' } },
    model: { fn: 'classification_cnn_builder' },
    trainer: { fn: 'cotrainer', config: { to_monitor: ['img_classification'] } },
  },
  search: {
    method: 'sobol',
    trials,
    objectives: [{ metric: 'FinalTest/img_classification/eval' }],
    on_test: true,
    space: [
      { kind: 'float', path: LR, min: 0.0001, max: 0.1, log: true },
      { kind: 'choice', path: 'trainer.optimizer', values: ['Adam', 'SGD'] },
    ],
  },
})

/** A search of which every trial has finished, the better the nearer its rate is to 0.01; returns the name of its family. */
export async function fillSearch(store: RunStore, trials: number, minutesAgo = 10): Promise<string> {
  const recipe = recipeOf(trials)
  const parsed = parseRecipe(recipe)
  check('the recipe is one', parsed.ok)
  const { runs, problems } = expandRecipe(parsed.value, () => null)
  checkEqual('the recipe makes its trials', [runs.length, problems], [trials, []])
  for (const { config, patch } of runs)
    await makeFinishedRun(store, {
      config,
      skill: 1 - Math.abs(Math.log10(Number(patch[LR]) / 0.01)) / 2,
      points: 24,
      minutesAgo,
    })
  const family = 'which-rate'
  mkdirSync(store.layout.families, { recursive: true })
  await store.disk.writeFile(join(store.layout.families, `${family}.yaml`), stringify(recipe))
  return family
}
