import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { asRunConfigText, importNnfabrik } from '../../../../../src-main/runs/create/nnfabrik-text.ts'
import { publishedConfigHash } from '../../../../../src-shared/schema/published/effective-options.ts'
import { toNnfabrik } from '../../../../../src-shared/schema/published/to-nnfabrik.ts'
import { diffConfigs } from '../../../../../src-shared/schema/diff.ts'
import type { RunConfig } from '../../../../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../../../../src-shared/schema/run-config.ts'
import { pyDict, pyFloat, upstreamHash } from '../../../../../src-shared/util/upstream-hash.ts'

const CONFIGS = join(import.meta.dirname, '../../../../../configs')

const GIVEN = `
dataset_fn: neural_cotraining.dataset.img_dataset_loader
dataset_config: {dataset_cls: TinyImageNet, batch_size: 64, num_workers: 1, add_corrupted_test: false}
model_fn: neural_cotraining.models.classification_cnn_builder
model_config: {type: vgg11_bn, num_classes: 200, unheard_of: 3}
trainer_fn: neural_cotraining.trainer.cotrainer
trainer_config: {max_iter: 7, scheduler: adaptive, lr_decay: 0.5, optimizer: Adam, lr_milestones: !!python/tuple [], lr_warmup: -3}
seed: 7
lab: ours
`

it('becomes a run config with the published defaults; what has no counterpart is listed', () => {
  const imported = importNnfabrik(GIVEN)
  const config = imported?.config
  expect(config?.seed).toBe(7)
  expect(config?.dataset).toMatchObject({ fn: 'img_loader', config: { batch_size: 64 } })
  expect(config?.model).toMatchObject({ fn: 'classification_cnn_builder', config: { type: 'vgg11_bn' } })
  // patience 10 is the published default; the decay is given.
  expect(config?.trainer.config).toMatchObject({ max_iter: 7, lr_decay: 0.5, patience: 10 })
  const left = imported?.leftOut.map(({ path }) => path) ?? []
  expect(left).toContain('lab')
  expect(left).toContain('model.config.unheard_of')
  expect(left).toContain('trainer.config.lr_warmup')
  // Without a scheduler the published code never reads it.
  const idle = importNnfabrik(GIVEN.replace('scheduler: adaptive, ', ''))?.leftOut
  expect(idle?.find(({ path }) => path === 'trainer.config.lr_decay')?.value).toBe(0.5)
  const text = asRunConfigText(GIVEN)
  expect(text).toContain('# not taken over: model.config.unheard_of = 3')
  expect(parseRunConfig(parse(text))).toMatchObject({ ok: true })
})

it('has the keys that nnfabrik files it under: a float is no int', () => {
  const hashes = importNnfabrik(GIVEN)?.hashes
  const model = { type: 'vgg11_bn', num_classes: 200, unheard_of: 3 }
  expect(hashes?.model).toEqual({
    given: upstreamHash(pyDict(model)),
    full: publishedConfigHash('ClassificationModelConfig', Object.entries(model)),
  })
  const asFloat = importNnfabrik(GIVEN.replace('unheard_of: 3', 'unheard_of: 3.0'))?.hashes.model.given
  expect(asFloat).toBe(upstreamHash(pyDict({ ...model, unheard_of: pyFloat(3) })))
  const json = JSON.stringify(parse(GIVEN.replace('!!python/tuple', '')))
  expect(importNnfabrik(json)?.hashes.model).toEqual(hashes?.model)
})

it('goes back, with what its classes do not know named', () => {
  const config = importNnfabrik(GIVEN)?.config
  if (config === undefined) throw new Error('nothing was imported')
  const { config: written } = toNnfabrik(config)
  expect(written).toMatchObject({
    dataset_fn: 'neural_cotraining.dataset.img_dataset_loader',
    model_fn: 'neural_cotraining.models.classification_cnn_builder',
    trainer_config: { max_iter: 7, lr_decay: 0.5 },
    seed: 7,
  })
  const own = { ...config, model: { ...config.model, config: { ...config.model.config, width: 0.5 } } }
  expect(toNnfabrik(own as typeof config).leftOut).toContain('model.config.width')
  expect(importNnfabrik(JSON.stringify(written))?.config.model).toEqual(config.model)
})

/** Paths of the options of a part that differ, nested ones by their own paths. */
const differing = (a: RunConfig, b: RunConfig): string[] => diffConfigs([a, b]).map(({ path }) => path)

it.each(readdirSync(CONFIGS).filter((name) => name.endsWith('.yaml')))(
  '%s comes back as it was, but for what was named at its export or its import',
  (name) => {
    const parsed = parseRunConfig(parse(readFileSync(join(CONFIGS, name), 'utf8')))
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    const { config: written, leftOut } = toNnfabrik(parsed.value)
    const text = stringify(written)
    if (leftOut.some((path) => path.endsWith('.dataset_cls')))
      return expect(() => importNnfabrik(text)).toThrow(/the published loader has no image set "MNIST"/)
    const back = importNnfabrik(text)!
    const named = new Set([...leftOut, ...back.leftOut.map(({ path }) => path), 'name'])
    const isNamed = (path: string): boolean =>
      [...named].some((one) => path === one || path.startsWith(`${one}.`))
    expect(differing(parsed.value, back.config).filter((path) => !isNamed(path))).toEqual([])
  },
)

it('keeps an empty map that is stated: no corruptions are none, not all', () => {
  const off = GIVEN.replace(
    'add_corrupted_test: false',
    'add_corrupted_test: false, add_fly_corrupted_test: {}',
  )
  expect(importNnfabrik(off)?.config.dataset.config).toMatchObject({ add_fly_corrupted_test: {} })
  const on = importNnfabrik(GIVEN)?.config.dataset.config as { add_fly_corrupted_test: object }
  expect(Object.keys(on.add_fly_corrupted_test)).toHaveLength(15)
})

it('leaves other texts alone, and names a function that is not here', () => {
  expect(importNnfabrik('dataset: {fn: img_loader}')).toBeNull()
  expect(importNnfabrik('a: [')).toBeNull()
  expect(asRunConfigText('name: x\n')).toBe('name: x\n')
  expect(() => importNnfabrik(GIVEN.replace('.cotrainer', '.lab_trainer'))).toThrow(
    /there is no trainer "neural_cotraining.trainer.lab_trainer" here/,
  )
})
