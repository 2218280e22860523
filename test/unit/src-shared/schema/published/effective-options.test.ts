import { describe, expect, it } from 'vitest'
import {
  effectiveOptions,
  publishedConfigHash,
} from '../../../../../src-shared/schema/published/effective-options.ts'
import {
  plainValue,
  pyDict,
  type PyEntries,
  type PyValue,
} from '../../../../../src-shared/util/upstream-hash.ts'

const options = (className: string, given: Readonly<Record<string, PyValue>> = {}): Record<string, unknown> =>
  plainValue(effectiveOptions(className, Object.entries(given))) as Record<string, unknown>

describe('effectiveOptions', () => {
  it('lets the first assignment win and takes null as the wish for the default', () => {
    expect(options('CoTrainerConfig', { max_iter: 7, patience: null })).toMatchObject({
      max_iter: 7,
      patience: 10,
    })
  })

  it('defines loss scaling only with a neural loss or several losses, and keeps the relative threshold', () => {
    expect(options('CoTrainerConfig')).not.toHaveProperty('scale_loss')
    const both = pyDict({ img_classification: 'CrossEntropyLoss', v1: 'MSELoss' })
    expect(options('CoTrainerConfig', { loss_functions: both })).toMatchObject({
      scale_loss: true,
      avg_loss: false,
      threshold_mode: 'rel',
    })
    const v1 = pyDict({ v1: 'PoissonLoss' })
    expect(options('CoTrainerConfig', { loss_functions: v1, scale_loss: false })).toMatchObject({
      scale_loss: false,
      avg_loss: false,
    })
  })

  it('empties a dict marked as default empty', () => {
    const marked = pyDict({ 'DEFAULT EMPTY': true, freeze: ['core'] })
    expect(options('CoTrainerConfig', { freeze: marked })['freeze']).toEqual({})
  })

  it('chooses image statistics by set and grey scale', () => {
    expect(options('ImageDatasetConfig', { dataset_cls: 'ImageNet' })).toMatchObject({
      train_data_mean: [0.4573],
      train_data_std: [0.2156],
      input_size: 224,
      num_workers: 8,
      valid_size: 0.01,
    })
    expect(options('ImageDatasetConfig', { apply_grayscale: false })['train_data_mean']).toEqual([
      0.4802, 0.4481, 0.3975,
    ])
  })

  it('knows the classes of each image set, while size and pooling keep their first default', () => {
    expect(options('ClassificationModelConfig', { dataset_cls: 'V1_ImageNet' })).toMatchObject({
      num_classes: 964,
      input_size: 64,
      avg_pool: false,
    })
  })

  it('resolves the parts of a combined set, each with its own rules', () => {
    const both = options('MTLDatasetsConfig', {
      v1_dataset_dict: pyDict({ dataset: 'mtl_monkey_dataset' }),
      img_dataset_dict: pyDict({ input_size: 32 }),
    })
    expect(both['v1_dataset_config']).toMatchObject({
      data_dir: './data/monkey/mtl_monkey_dataset',
      crop: 36,
    })
    expect(both['v4_dataset_config']).toEqual({})
    expect(both['img_dataset_config']).toMatchObject({
      input_size: 32,
      valid_size: 0.1,
      fn: 'neural_cotraining.dataset.img_dataset_loader',
    })
    const neural = options('MTLDatasetsConfig', { classification_loader: 'neural' })
    expect(neural['img_dataset_config']).toMatchObject({ fn: 'neural_cotraining.dataset.neural_loader' })
  })

  it('drops what the published classes cannot take', () => {
    const given = { fn: 'mine', main_loop_modules: ['X'], anything: 3 }
    const resolved = options('CoTrainerConfig', given)
    expect(resolved).toMatchObject({ fn: 'neural_cotraining.trainer.cotrainer', anything: 3 })
    expect(resolved).not.toHaveProperty('main_loop_modules')
  })

  it('names the choices for unknown sets and classes', () => {
    expect(() => options('ImageDatasetConfig', { dataset_cls: 'MNIST' })).toThrow(
      'Use one of TinyImageNet, ImageNet',
    )
    expect(() => options('ClassificationModelConfig', { dataset_cls: 'MNIST' })).toThrow(
      'Use one of TinyImageNet, ImageNet, V1_ImageNet',
    )
    expect(() => options('Config')).toThrow('Known are CoTrainerConfig')
  })
})

describe('publishedConfigHash', () => {
  it('does not depend on the order in which options are given', () => {
    const given: PyEntries = [
      ['max_iter', 200],
      ['comment', 'run one'],
    ]
    expect(publishedConfigHash('CoTrainerConfig', given)).toBe(
      publishedConfigHash('CoTrainerConfig', [...given].reverse()),
    )
  })
})
