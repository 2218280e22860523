import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { allOptions, differences } from '../../../../../src-main/runs/compare/compare-options.ts'
import { components } from '../../../../../src-shared/schema/registry.ts'
import { resolve } from '../../../../../src-shared/schema/resolve.ts'
import type { RunConfig } from '../../../../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../../../../src-shared/schema/run-config.ts'

const CONFIGS = join(import.meta.dirname, '../../../../../configs')
const shipped = readdirSync(CONFIGS)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => [file, parse(readFileSync(join(CONFIGS, file), 'utf8')) as Record<string, unknown>] as const)

function stored(given: unknown): RunConfig {
  const parsed = parseRunConfig(given)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

/** Options that the comparison marks as chosen; the components themselves are always chosen. */
const marked = (given: unknown): readonly string[] =>
  allOptions([stored(given)])
    .filter(({ path, defaults }) => defaults[0] === false && !path.endsWith('.fn'))
    .map(({ path }) => path)

/** Paths of everything that a config says. */
function said(value: unknown, at: readonly string[] = []): readonly string[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [at.join('.')]
  return [at.join('.'), ...Object.entries(value).flatMap(([key, inner]) => said(inner, [...at, key]))]
}

describe('the options of a comparison', () => {
  it.each(shipped)('%s: are marked where somebody chose them, and nowhere else', (_file, given) => {
    const written = said(given)
    const chosen = marked(given)
    expect(chosen.length).toBeGreaterThan(3)
    expect(chosen.filter((path) => !written.includes(path))).toEqual([])
  })

  it('are all defaults where nothing was chosen, with every model and in a combined set', () => {
    for (const known of components.model) {
      const { fn } = known
      const sees = known.tasks?.(resolve(known, {}).config).includes('img_classification')
      const [dataset, trainer] = sees ? ['img_loader', 'cotrainer'] : ['neural_loader', 'nnvision_trainer']
      const given = { dataset: { fn: dataset }, model: { fn }, trainer: { fn: trainer } }
      expect([fn, marked(given)]).toEqual([fn, []])
    }
    const v1 = { dataset: 'in_silico' }
    const combined = {
      dataset: {
        fn: 'mtl_loader',
        config: { img_dataset_dict: { dataset_cls: 'MNIST' }, v1_dataset_dict: v1 },
      },
      model: { fn: 'mtl_builder' },
      trainer: { fn: 'cotrainer' },
    }
    expect(marked(combined)).toEqual([
      'dataset.config.img_dataset_dict.dataset_cls',
      'dataset.config.v1_dataset_dict.dataset',
    ])
  })

  it('of runs with different tasks are those that somebody chose, and the components', () => {
    const seen = stored({
      dataset: { fn: 'img_loader', config: { dataset_cls: 'MNIST' } },
      model: { fn: 'lenet_builder' },
      trainer: { fn: 'cotrainer' },
    })
    const recorded = stored({
      dataset: { fn: 'neural_loader', config: { dataset: 'in_silico', crop: 2 } },
      model: { fn: 'neural_cnn_builder', config: { layers: 2 } },
      trainer: { fn: 'cotrainer', config: { loss_functions: { v1: 'PoissonLoss' }, to_monitor: ['v1'] } },
    })
    expect(differences([seen, recorded]).map(({ path }) => path)).toEqual([
      'dataset.config.crop',
      'dataset.config.dataset',
      'dataset.config.dataset_cls',
      'dataset.fn',
      'model.config.layers',
      'model.fn',
      'trainer.config.loss_functions.img_classification',
      'trainer.config.loss_functions.v1',
      'trainer.config.scale_loss',
      'trainer.config.to_monitor',
    ])
  })

  it('say of an option of an earlier version, which no schema knows any more, that it was chosen', () => {
    const [known] = components.trainer
    if (known === undefined) throw new Error('there is no trainer')
    const config = stored({
      dataset: { fn: 'img_loader' },
      model: { fn: 'lenet_builder' },
      trainer: { fn: known.fn },
    })
    const options = { ...resolve(known, {}).config, forgotten: 1 }
    const trainer = { fn: known.fn, config: options } as unknown as RunConfig['trainer']
    const rows = allOptions([{ ...config, trainer }])
    expect(rows.filter(({ path }) => path === 'trainer.config.forgotten')).toMatchObject([
      { values: [1], defaults: [false] },
    ])
  })
})
