import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planRecipe } from '../../../../../src-main/runs/create/recipe-plan.ts'
import { queueRecipe, readRecipes } from '../../../../../src-main/runs/create/recipes.ts'
import { parseYaml } from '../../../../../src-main/runs/create/config-text.ts'
import { readPresets } from '../../../../../src-main/runs/create/presets.ts'
import type { DatasetConfigs } from '../../../../../src-shared/schema/registry.ts'
import { expandRecipe } from '../../../../../src-shared/schema/expand-recipe.ts'
import { parseRecipe } from '../../../../../src-shared/schema/recipe.ts'
import { labs, smallConfig } from '../../../../support/lab.ts'
import { problemOf } from '../../../../support/problem-of.ts'

const lab = labs()
const presets = join(import.meta.dirname, '../../../../../configs')
const recipe = {
  name: 'Patience',
  baseline: smallConfig(1) as unknown as Record<string, unknown>,
  axes: [
    {
      label: 'patience',
      values: [2, 4].map((n) => ({ label: String(n), patch: { 'trainer.patience': n } })),
    },
  ],
  seeds: [1, 2],
}

describe('the runs of a recipe', () => {
  it('are queued with its tag, and a second time only those that are missing', async () => {
    const { store, create, home } = lab()
    const deps = { ...create, presets, folder: home }
    const request = { recipe, inputs: {} }
    const plan = await planRecipe(deps, request)
    expect(plan.runs.map((r) => [r.name, r.seed, r.status])).toEqual([
      ['seed 1, patience 2', 1, null],
      ['seed 1, patience 2', 2, null],
      ['seed 1, patience 4', 1, null],
      ['seed 1, patience 4', 2, null],
    ])
    const first = await queueRecipe(deps, request)
    expect(first).toMatchObject({ queued: 4, known: 0, tag: 'Patience' })
    expect(first.ids).toEqual(plan.runs.map((r) => r.id))
    expect(first.ids.every((id) => store.summary(id).tags.includes('Patience'))).toBe(true)

    await store.write({ ...store.read(first.ids[0] as string), status: 'finished' })
    await store.write({ ...store.read(first.ids[1] as string), status: 'failed' })
    const again = await planRecipe(deps, request)
    expect(again.runs.map((r) => r.status)).toEqual(['finished', 'failed', 'queued', 'queued'])
    expect(await queueRecipe(deps, request)).toMatchObject({ queued: 1, known: 3 })
  })

  it('that exist under another name get the tag too', async () => {
    const { store, create, add, home } = lab()
    const id = await add(1, { tags: ['mine'] })
    const alone = { name: 'Group', baseline: recipe.baseline }
    const queued = await queueRecipe({ ...create, presets, folder: home }, { recipe: alone, inputs: {} })
    expect(queued).toMatchObject({ ids: [id], queued: 0, known: 1 })
    expect(store.summary(id).tags).toEqual(['mine', 'Group'])
  })

  it('are all refused when one of them is wrong', async () => {
    const { store, create, home } = lab()
    const wrong = { ...recipe, list: [{ label: 'bad', patch: { 'trainer.patience': -1 } }] }
    const problem = await problemOf(() =>
      queueRecipe({ ...create, presets, folder: home }, { recipe: wrong, inputs: {} }),
    )
    expect(problem).toMatchObject({ path: 'trainer.config.patience' })
    expect(problem?.message).toContain('in "bad"')
    expect(readdirSync(store.layout.runs)).toEqual([])
  })
})

describe('a shipped recipe', () => {
  const find = (name: string) =>
    parseYaml(readPresetText(name), name) as Readonly<Record<string, unknown>> | null

  it.each(readRecipes(presets).map((r) => [r.id, r.yaml] as const))('%s gives valid configs', (_id, yaml) => {
    const parsed = parseRecipe(parseYaml(yaml))
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    const plan = expandRecipe(parsed.value, find)
    expect(plan.problems).toEqual([])
    expect(plan.runs.length).toBeGreaterThan(0)
  })

  it('has the settings of the publication for baseline, monkey, oracle and shuffled', () => {
    const yaml = readRecipes(presets).find((r) => r.id === 'published')?.yaml ?? ''
    const parsed = parseRecipe(parseYaml(yaml))
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    const { runs } = expandRecipe(parsed.value, find)
    const sweep = ['2', '1/2', '1/3', '1/4', '1/5', '1/7', '1/10', '1/15'].map((ratio) => `ratio ${ratio}`)
    const settings = ['', 'Oracle', 'Baseline', 'MTL-Monkey', 'MTL-Oracle', 'MTL-Shuffled', ...sweep]
    expect(runs.map((r) => [r.label, r.config.seed])).toEqual(
      settings.flatMap((label) => [1000, 2000, 3000, 4000, 5000].map((seed) => [label, seed])),
    )
    const run = (label: string) => runs.find((r) => r.label === label)
    const of = (label: string) => run(label)?.config
    expect(of('')?.trainer.config).toMatchObject({
      optimizer: 'Adam',
      optimizer_options: { lr: 5e-4, weight_decay: 5e-4 },
      loss_functions: { v1: 'PoissonLoss' },
      lr_decay: 0.5,
      max_iter: 150,
      threshold: 1e-6,
    })
    expect(of('')?.dataset.config).toMatchObject({ dataset: 'CSRF19_V1', crop: 36, scale: 0.4, subsample: 1 })
    expect(of('Baseline')?.trainer.config).toMatchObject({
      optimizer: 'SGD',
      lr_decay: 0.4,
      patience: 5,
      lr_decay_steps: 5,
      max_iter: 400,
      loss_weighing: false,
      train_cycler: 'LongCycler',
      loss_functions: { img_classification: 'CrossEntropyLoss' },
    })
    expect(of('Baseline')?.trainer.config).toMatchObject({
      optimizer_options: { lr: 0.1, momentum: 0.75, weight_decay: 5e-4 },
    })
    expect(of('MTL-Monkey')?.trainer.config).toMatchObject({
      lr_decay: 0.3,
      max_iter: 407,
      loss_weighing: true,
      scale_loss: false,
      train_cycler: 'MTL_Cycler',
      to_monitor: ['img_classification'],
    })
    expect(of('MTL-Monkey')?.model.config).toMatchObject({ vgg_type: 'vgg19_bn', v1_model_layer: 17 })
    const set = (label: string) => (of(label)?.dataset.config as DatasetConfigs['mtl_loader']).v1_dataset_dict
    const needs = (label: string) => run(label)?.needs.map(({ step, seed }) => [step, seed])
    expect(['Baseline', 'MTL-Monkey', 'MTL-Oracle', 'MTL-Shuffled'].map(needs)).toEqual([
      [],
      [['v1-model', 'best']],
      [['oracle', 'best']],
      [['v1-model', 'best']],
    ])
    const [monkey, oracle] = ['MTL-Monkey', 'MTL-Oracle'].map((label) => run(label)?.needs[0]?.id ?? '')
    expect(set('MTL-Monkey')).toMatchObject({ dataset: `predicted:${monkey}`, variant: 'normal', scale: 1 })
    expect(set('MTL-Oracle')).toMatchObject({ dataset: `oracle:${oracle}` })
    expect(set('MTL-Shuffled')).toMatchObject({ dataset: `predicted:${monkey}`, variant: 'shuffled' })
  })
})

function readPresetText(name: string): string {
  const found = readPresets(presets).find((p) => p.id === name)
  if (found === undefined) throw new Error(`no preset ${name}`)
  return found.yaml
}
