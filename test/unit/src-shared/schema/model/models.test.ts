import { describe, expect, test } from 'vitest'
import { canonicalJson, identityOf } from '../../../../../src-shared/schema/canonical.ts'
import type { PlainConfig } from '../../../../../src-shared/schema/component.ts'
import { parseComponent } from '../../../../../src-shared/schema/component.ts'
import { formOf } from '../../../../../src-shared/schema/form.ts'
import { models } from '../../../../../src-shared/schema/model/index.ts'
import { findComponent } from '../../../../../src-shared/schema/registry.ts'
import { modelNames } from '../../../../../src-main/engine/model/index.ts'

const parse = (fn: string, config: PlainConfig) => {
  const known = findComponent('model', fn)
  if (known === undefined) throw new Error(`no model ${fn}`)
  return parseComponent(known, config, 'model.config')
}
const valid = (fn: string, config: PlainConfig): PlainConfig => {
  const parsed = parse(fn, config)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}
const problem = (fn: string, config: PlainConfig): string => {
  const parsed = parse(fn, config)
  return parsed.ok ? 'accepted' : parsed.problems.map((p) => `${p.path}: ${p.message}`).join('; ')
}

test('every model that a config can name can be built, and the other way round', () => {
  expect(models.map((m) => m.fn).sort()).toEqual([...modelNames].sort())
})

describe.each(models.map((m) => [m.fn, m] as const))('%s', (fn, model) => {
  test('is valid with its defaults, which stay as they are when they are given', () => {
    const resolved = valid(fn, {})
    expect(valid(fn, JSON.parse(JSON.stringify(resolved)) as PlainConfig)).toEqual(resolved)
  })

  test('explains each of its options', () => {
    const unexplained = formOf(model.schema).flatMap((field) => [field, ...(field.fields ?? [])])
    expect(unexplained.filter((f) => f.help === '').map((f) => f.key)).toEqual([])
  })
})

test('values that mean the same have one identity', () => {
  const { schema } = findComponent('model', 'se_core_gauss_readout')!
  const identity = (given: PlainConfig) =>
    canonicalJson(identityOf(schema, valid('se_core_gauss_readout', { stack: -1, ...given })))
  expect(identity({ skip: 1 })).toBe(identity({ skip: 0 }))
  expect(identity({ skip: 2 })).not.toBe(identity({ skip: 0 }))
  expect(identity({ laplace_padding: 1 })).toBe(identity({ laplace_padding: null }))
  expect(identity({ laplace_padding: 0 })).not.toBe(identity({ laplace_padding: null }))
})

test('a published data set fills in classes, size and pooling; given values win', () => {
  const config = valid('classification_cnn_builder', { dataset_cls: 'ImageNet', num_classes: 100 })
  expect(config).toMatchObject({ num_classes: 100, input_size: 224, avg_pool: true })
})

test('the dilation of the paper’s model follows its readout', () => {
  expect(valid('neural_cnn_builder', {})['hidden_dilation']).toBe(2)
  expect(valid('neural_cnn_builder', { readout_type: 'gauss' })['hidden_dilation']).toBe(1)
})

test.each<[string, PlainConfig, string]>([
  [
    'mtl_builder',
    { v1_model_layer: -1, classification: false },
    'model.config.classification: the model has neither',
  ],
  [
    'mtl_builder',
    { classification: false, readout_hidden: 10 },
    'model.config.readout_hidden: this option has no effect',
  ],
  [
    'mtl_builder',
    { v1_model_layer: 17, v4_model_layer: 10 },
    'model.config.v4_model_layer: expected more than v1_model_layer (17)',
  ],
  ['mtl_builder', { vgg_type: 'vgg17' }, 'model.config.vgg_type: expected one of vgg11'],
  ['lenet_builder', { type: 'lenet300-100', core: 'lc' }, 'model.config.core: this option has no effect'],
  ['stacked2d_core_gaussian_readout', { depth_separable: true, attention_conv: true }, 'exclude each other'],
  [
    'composed_neural_model',
    { encoder: 'zig', readout: 'attention' },
    'the attention readout gives one number per unit',
  ],
])('%s refuses %j', (fn, config, message) => {
  expect(problem(fn, config)).toContain(message)
})
