import { describe, expect, it } from 'vitest'
import { canonicalJson, identityOf } from '../../../../../src-shared/schema/canonical.ts'
import type { Component, Parsed, PlainConfig } from '../../../../../src-shared/schema/component.ts'
import { parseComponent } from '../../../../../src-shared/schema/component.ts'
import { datasets } from '../../../../../src-shared/schema/dataset/index.ts'
import { formOf } from '../../../../../src-shared/schema/form.ts'
import type { FormField } from '../../../../../src-shared/schema/form.ts'

const find = (fn: string): Component => datasets.find((d) => d.fn === fn) as Component
const parse = (fn: string, given: unknown): Parsed<PlainConfig> =>
  parseComponent(find(fn), given, 'dataset.config')

function value(fn: string, given: unknown): PlainConfig {
  const parsed = parse(fn, given)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

function problems(fn: string, given: unknown): string[] {
  const parsed = parse(fn, given)
  return parsed.ok ? [] : parsed.problems.map((p) => `${p.path}: ${p.message} ${p.hint}`)
}

describe('img_loader', () => {
  it('takes size, validation part and statistics from the chosen set', () => {
    const of = (given: object) => value('img_loader', given)
    expect(of({})).toMatchObject({
      input_size: 64,
      valid_size: 0.1,
      train_data_mean: [0.4519],
      train_data_std: [0.2221],
      add_corrupted_test: true,
    })
    expect(of({ dataset_cls: 'ImageNet', apply_grayscale: false })).toMatchObject({
      input_size: 224,
      valid_size: 0.01,
      train_data_mean: [0.485, 0.456, 0.406],
    })
    expect(of({ dataset_cls: 'MNIST' })).toMatchObject({
      input_size: 32,
      apply_augmentation: false,
      add_corrupted_test: false,
    })
    expect(of({ dataset_cls: 'ImageFolder' })).toMatchObject({ train_data_mean: null, train_data_std: null })
  })

  it('lets a given value beat the derived one', () => {
    expect(
      value('img_loader', { dataset_cls: 'MNIST', input_size: 64, apply_augmentation: true }),
    ).toMatchObject({ input_size: 64, apply_augmentation: true })
  })

  it('refuses mixtures that are none, and options without effect', () => {
    expect(problems('img_loader', { apply_noise: { noise_std: { '0.1': 0.4 } } })[0]).toContain(
      'add up to 0.4',
    )
    expect(problems('img_loader', { apply_noise: { noise_std: { loud: 1 } } })[0]).toContain(
      'expected a number as level',
    )
    expect(problems('img_loader', { in_resize: 300 })[0]).toBe(
      'dataset.config.in_resize: this option has no effect with dataset_cls: "TinyImageNet". Remove it, or change dataset_cls.',
    )
    expect(problems('img_loader', { dataset_cls: 'library' })[0]).toContain('no registered set is named')
    expect(problems('img_loader', { add_fly_corrupted_test: { fogg: [1] } })).toHaveLength(1)
  })
})

describe('neural_loader', () => {
  it('crops and scales the published recordings only', () => {
    expect(value('neural_loader', {})).toMatchObject({
      dataset: 'CSRF19_V1',
      crop: 36,
      scale: 0.4,
      time_bins_sum: 12,
    })
    expect(value('neural_loader', { dataset: 'my-set' })).toMatchObject({ crop: 0, scale: 1 })
    expect(value('neural_loader', { dataset: 'CSRF19_V4' })['exclude']).toEqual([
      'CSRF19_V4_3653663964522.pickle',
    ])
  })

  it('takes options of the population for in_silico alone', () => {
    expect(
      value('neural_loader', { dataset: 'in_silico', generator: { n_neurons: 7 } })['generator'],
    ).toMatchObject({ n_neurons: 7, image_size: 32 })
    expect(problems('neural_loader', { dataset: 'my-set', generator: { n_neurons: 7 } })[0]).toContain(
      'dataset.config.generator: this option has no effect',
    )
    expect(problems('neural_loader', { dataset: 'in_silico', generator: { n_neuron: 7 } })).toEqual([
      'dataset.config.generator.n_neuron: unknown option. Did you mean "n_neurons"?',
    ])
    expect(
      problems('neural_loader', {
        dataset: 'in_silico',
        generator: { frequency_low: 0.3, frequency_high: 0.2 },
      })[0],
    ).toContain('generator.frequency_high')
  })

  it('does not mix areas', () => {
    expect(problems('neural_loader', { target_types: ['v1', 'v4'] })[0]).toContain(
      'v1 and v4 need a set each',
    )
  })
})

describe('mtl_loader', () => {
  it('reads the earlier name of the V1 part', () => {
    const config = value('mtl_loader', {
      img_dataset_dict: { dataset_cls: 'MNIST' },
      neural_dataset_dict: { dataset: 'in_silico' },
    })
    expect(config['v1_dataset_dict']).toMatchObject({
      dataset: 'in_silico',
      target_types: ['v1'],
      generator: { image_set: 'MNIST', image_size: 32 },
    })
    expect(config['v4_dataset_dict']).toBeNull()
  })

  it('takes an empty part as absent, and gives the V4 part its target', () => {
    const config = value('mtl_loader', { v1_dataset_dict: {}, v4_dataset_dict: { dataset: 'cells.h5' } })
    expect(config['v1_dataset_dict']).toBeNull()
    expect(config['v4_dataset_dict']).toMatchObject({ target_types: ['v4'] })
  })

  it('finds unknown and ineffective options inside its parts', () => {
    expect(problems('mtl_loader', { img_dataset_dict: { dataset_clss: 'MNIST' } })).toEqual([
      'dataset.config.img_dataset_dict.dataset_clss: unknown option. Did you mean "dataset_cls"?',
    ])
    expect(problems('mtl_loader', { v1_dataset_dict: { dataset: 'x', data_dir: 'y' } })[0]).toContain(
      'v1_dataset_dict.data_dir: this option has no effect',
    )
    expect(
      problems('mtl_loader', { classification_loader: 'neural', v1_dataset_dict: { dataset: 'x' } })[0],
    ).toContain('no neural part carries class labels')
    expect(
      problems('mtl_loader', {
        v1_dataset_dict: { dataset: 'x', target_types: ['v1', 'img_classification'] },
      })[0],
    ).toContain('class labels come from another set')
  })
})

describe('every data set', () => {
  const examples: [string, object][] = [
    ['img_loader', { dataset_cls: 'CIFAR10', apply_normalization: false }],
    ['neural_loader', { dataset: 'my-set', normalize: false }],
    ['neural_loader', { dataset: 'in_silico', generator: { images: 'pink_noise' } }],
    [
      'mtl_loader',
      {
        img_dataset_dict: { dataset_cls: 'MNIST' },
        v1_dataset_dict: { dataset: 'in_silico' },
        v4_dataset_dict: { dataset: 'x.h5' },
      },
    ],
    ['mtl_loader', { classification_loader: 'none', v1_dataset_dict: { dataset: 'in_silico' } }],
  ]

  it.each(examples)('%s resolves to a config that resolves to itself', (fn, given) => {
    const resolved = value(fn, given)
    expect(value(fn, JSON.parse(JSON.stringify(resolved)))).toEqual(resolved)
  })

  it('keeps places and threads out of its identity', () => {
    const identity = (more: object) => {
      const given = { dataset_cls: 'MNIST', ...more }
      return canonicalJson(identityOf(find('img_loader').schema, value('img_loader', given)))
    }
    expect(identity({ data_dir: '/elsewhere', num_workers: 5, pin_memory: false })).toBe(identity({}))
    expect(identity({ batch_size: 5 })).not.toBe(identity({}))
  })

  it('describes each option for the form, inside its groups too', () => {
    const undescribed = (fields: readonly FormField[], at = ''): string[] =>
      fields.flatMap((f) => [
        ...(f.label === f.key || f.help === '' ? [`${at}${f.key}`] : []),
        ...undescribed(f.fields ?? [], `${at}${f.key}.`),
      ])
    for (const { schema } of datasets) expect(undescribed(formOf(schema))).toEqual([])
  })
})
