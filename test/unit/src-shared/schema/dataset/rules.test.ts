import { describe, expect, it } from 'vitest'
import type { Component } from '../../../../../src-shared/schema/component.ts'
import { parseComponent } from '../../../../../src-shared/schema/component.ts'
import { datasets } from '../../../../../src-shared/schema/dataset/index.ts'
import { resolve, withoutEffect } from '../../../../../src-shared/schema/resolve.ts'

const PLACE = 'dataset.config'

const componentOf = (fn: string): Component => {
  const found = datasets.find((known) => known.fn === fn)
  if (found === undefined) throw new Error(`there is no data set ${fn}`)
  return found
}

/** The given options without effect. */
const idle = (fn: string, given: object): readonly string[] => withoutEffect(resolve(componentOf(fn), given))

/** A value as it stands without being given. */
const standing = (fn: string, given: object, key: string): unknown =>
  resolve(componentOf(fn), given).config[key]

function words(fn: string, given: object): string[] {
  const parsed = parseComponent(componentOf(fn), given, PLACE)
  return parsed.ok
    ? []
    : parsed.problems.map((p) => `${p.path?.slice(PLACE.length + 1)}: ${p.message} ${p.hint}`)
}

describe('a set of responses', () => {
  const neural = (given: object) => words('neural_loader', { dataset: 'in_silico', ...given })

  it('is right as it comes', () => {
    expect(neural({})).toEqual([])
  })

  it.each<[object, string]>([
    [{ target_types: [] }, 'target_types: there is nothing to learn. Name v1, v4 or img_classification.'],
    [
      { target_types: ['v1', 'v4'] },
      'target_types: v1 and v4 need a set each. Use a combined set (mtl_loader) with one group for each area.',
    ],
    [
      { dataset: '' },
      'dataset: no data set is named. Write in_silico, the name of a registered set, or the path of a data file.',
    ],
    [
      { dataset: 'predicted:' },
      'dataset: "predicted:" names no run. Write predicted: or oracle: and the id of a finished run.',
    ],
    [
      { normalize: true, stats: { mean: [0.1, 0.2], std: [1] } },
      'stats.std: has another number of channels than stats.mean. Give one value for each channel in both.',
    ],
    [
      { generator: { bandwidth_low: 2, bandwidth_high: 1 } },
      'generator.bandwidth_high: is 1, below bandwidth_low = 2. Swap the two.',
    ],
    [
      { generator: { frequency_high: 0.3, image_size: 32 } },
      'generator.frequency_high: is above half a cycle per pixel at 32 px. Lower it, or use larger images.',
    ],
  ])('refuses %j by name', (given, expected) => {
    expect(neural(given)).toContain(expected)
  })

  it.each<[string, object]>([
    ['a pattern at half a cycle per pixel', { generator: { frequency_high: 0.25, image_size: 32 } }],
    ['ranges of one value', { generator: { bandwidth_low: 1, bandwidth_high: 1 } }],
    ['as many deviations as means', { normalize: true, stats: { mean: [0.1, 0.2], std: [1, 2] } }],
    ['predictions of a run', { dataset: 'predicted:00ab12cd' }],
    ['neurons that read a named layer', { dataset: 'oracle:00ab12cd', predictions: { layer: 'conv1' } }],
    ['V4 alone', { target_types: ['v4'] }],
  ])('takes %s', (_, given) => {
    expect(neural(given)).toEqual([])
  })

  it('asks for a layer where neurons read one, and says what is wrong with both ranges', () => {
    expect(neural({ dataset: 'oracle:00ab12cd' })).toEqual([
      'predictions.layer: no layer is named. Name a layer of the model, for example that which the V1 readout reads.',
    ])
    const generator = {
      frequency_low: 0.5,
      frequency_high: 0.4,
      aspect_low: 0.9,
      aspect_high: 0.8,
      image_size: 32,
    }
    expect(neural({ generator }).map((line) => line.split(':')[0])).toEqual([
      'generator.frequency_high',
      'generator.aspect_high',
      'generator.frequency_high',
    ])
  })

  const ORACLE = { dataset: 'oracle:00ab12cd' }
  const PREDICTED = { dataset: 'predicted:00ab12cd' }
  const LABELLED = { dataset: 'cells', target_types: ['v1', 'img_classification'] }
  it.each<[object, object, object]>([
    [{ generator: { n_neurons: 7 } }, { dataset: 'in_silico' }, { dataset: 'cells' }],
    [{ predictions: { image_size: 16 } }, PREDICTED, { dataset: 'cells' }],
    [{ predictions: { layer: 'conv1' } }, ORACLE, PREDICTED],
    [{ predictions: { n_neurons: 7 } }, ORACLE, PREDICTED],
    [{ predictions: { channels_per_neuron: 7 } }, ORACLE, PREDICTED],
    [{ predictions: { mean_response: 7 } }, ORACLE, PREDICTED],
    [{ data_dir: 'elsewhere' }, { dataset: 'CSRF19_V4' }, { dataset: 'cells' }],
    [{ sessions_dir: 'elsewhere' }, { dataset: 'PlosCB19_V1' }, { dataset: 'cells' }],
    [{ individual_image_paths: true }, { dataset: 'CSRF19_V1' }, { dataset: 'cells' }],
    [{ value_min: 0.5 }, { dataset: 'CSRF19_V1' }, { dataset: 'cells' }],
    [{ value_max: 0.5 }, { dataset: 'folder/cells' }, { dataset: 'folder/cells.HDF5' }],
    [{ value_min: 0.5 }, { dataset: 'folder\\cells.h5.mat' }, { dataset: 'folder\\cells.h5' }],
    [{ variant_seed: 7 }, { variant: 'shuffled' }, { variant: 'normal' }],
    [{ input_size: 30 }, { apply_augmentation: true }, { apply_augmentation: false }],
    [{ stats: { mean: [0.5], std: [0.5] } }, { normalize: true }, { normalize: false }],
    [{ stats_source: 'train' }, { normalize: true }, { normalize: false }],
    [{ stats_source: 'train' }, {}, { stats: { mean: [0.5], std: [0.5] } }],
    [{ test_split: 'each_session' }, { test_frac: 0.1 }, { test_frac: 0 }],
    [{ test_seed: 7 }, { test_frac: 0.1 }, { test_frac: 0 }],
    [{ image_selection_seed: 7 }, { image_frac: 0.5 }, { image_frac: 1 }],
    [{ validation_gauss: [1] }, LABELLED, { dataset: 'cells' }],
    [{ add_fly_corrupted_test: { fog: [1] } }, LABELLED, { dataset: 'cells' }],
    [{ constants: 'auto' }, LABELLED, { dataset: 'cells' }],
  ])('heeds %j with %j, and says that it does nothing with %j', (option, heeded, unheeded) => {
    expect(idle('neural_loader', { ...heeded, ...option })).toEqual([])
    const [key] = Object.keys(option)
    const [found] = idle('neural_loader', { ...unheeded, ...option })
    expect(found?.split('.')[0]).toBe(key)
  })

  it('draws patterns of the size of the image set that it is given', () => {
    const generator = { images: 'classification', image_set: 'TinyImageNet' }
    expect(standing('neural_loader', { dataset: 'in_silico', generator }, 'generator')).toMatchObject({
      image_size: 64,
    })
    const made = { ...PREDICTED, predictions: { image_set: 'CIFAR10' } }
    expect(standing('neural_loader', made, 'predictions')).toMatchObject({ image_size: 32 })
    expect(
      idle('neural_loader', { dataset: 'in_silico', generator: { images: 'pink_noise', image_set: 'SVHN' } }),
    ).toEqual(['generator.image_set'])
    expect(
      idle('neural_loader', {
        dataset: 'in_silico',
        generator: { images: 'pink_noise', image_dir: 'there' },
      }),
    ).toEqual(['generator.image_dir'])
    const there = { ...generator, image_dir: 'there' }
    expect(idle('neural_loader', { dataset: 'in_silico', generator: there })).toEqual([])
  })

  it('leaves the one session that the published loader skips out of its recording alone', () => {
    expect(standing('neural_loader', { dataset: 'CSRF19_V1' }, 'exclude')).toEqual([])
  })

  it('looks at the generator where it generates, and nowhere else', () => {
    const turned = { bandwidth_low: 2, bandwidth_high: 1 }
    expect(words('neural_loader', { dataset: 'my recording', generator: turned }).join()).not.toContain(
      'Swap',
    )
  })
})

describe('a set of images', () => {
  const images = (given: object) => words('img_loader', given)

  it('is right as it comes', () => {
    expect(images({})).toEqual([])
  })

  it.each<[object, string]>([
    [
      { apply_noise: { noise_std: { '0.1': 1 }, noise_snr: { '5': 1 } } },
      'apply_noise.noise_snr: noise_std is set as well. State the noise by one of the two.',
    ],
    [
      { apply_noise: { noise_std: { '0.1': 0.5, loud: 0.5 } } },
      'apply_noise.noise_std.loud: expected a number as level. Write level: probability, for example 0.08: 0.5.',
    ],
    [
      { filter_classes: [5, 5] },
      'filter_classes: expected the first class and the one after the last, got [5, 5]. Write for example [0, 10].',
    ],
    [
      { apply_grayscale: false, train_data_mean: [0.1, 0.2, 0.3], train_data_std: [1] },
      'train_data_std: has another number of channels than train_data_mean. Give one value for each channel in both.',
    ],
    [{ dataset_cls: 'library' }, 'data_set: no registered set is named. Name one of `cotrain data list`.'],
    [
      { dataset_cls: 'ImageFolder', train_data_mean: [0.5] },
      'train_data_std: mean and sd belong together. Give both or neither.',
    ],
  ])('refuses %j by name', (given, expected) => {
    expect(images(given)).toContain(expected)
  })

  const noise = (part: object) => ({ apply_noise: part })
  const LIBRARY = { dataset_cls: 'library', data_set: 'pictures' }
  it.each<[object, object, object]>([
    [{ data_set: 'pictures' }, { dataset_cls: 'library' }, { dataset_cls: 'MNIST' }],
    [{ value_min: 0.5 }, { dataset_cls: 'MNIST' }, LIBRARY],
    [{ value_max: 0.5 }, { dataset_cls: 'MNIST' }, LIBRARY],
    [{ in_resize: 300 }, { dataset_cls: 'ImageNet' }, { dataset_cls: 'TinyImageNet' }],
    [{ fit: 'pad' }, { dataset_cls: 'MNIST' }, { dataset_cls: 'ImageNet' }],
    [{ train_data_mean: [0.5] }, {}, { apply_normalization: false }],
    [{ train_data_std: [0.5] }, {}, { apply_normalization: false }],
    [{ reduce_to_filtered_classes: true }, { filter_classes: [0, 2] }, {}],
    [{ repeats_per_epoch: 2 }, { examples_per_class: 5 }, {}],
    [{ augment_padding: 2 }, { apply_augmentation: true }, { apply_augmentation: false }],
    [{ augment_padding: 2 }, { dataset_cls: 'CIFAR10' }, { dataset_cls: 'ImageNet' }],
    [{ augment_flip: false }, { dataset_cls: 'ImageNet' }, { apply_augmentation: false }],
    [{ augment_rotation: 5 }, { apply_augmentation: true }, { apply_augmentation: false }],
    [{ augment_rotation: 5 }, { dataset_cls: 'CIFAR10' }, { dataset_cls: 'ImageNet' }],
    [{ snr_legacy: true }, noise({ noise_snr: { '5': 1 } }), noise({ noise_std: { '0.1': 1 } })],
    [{ shared_geometry: true }, noise({ representation_matching: true }), noise({ noise_std: { '0.1': 1 } })],
    [{ imagenet_val_dir: 'there' }, { add_imagenet_fly_test: true }, {}],
    [{ add_imagenet_fly_test: true }, {}, { dataset_cls: 'MNIST' }],
    [{ stylized_dir: 'there' }, { add_stylized_test: true }, {}],
  ])('heeds %j with %j, and says that it does nothing with %j', (option, heeded, unheeded) => {
    expect(idle('img_loader', { ...heeded, ...option })).toEqual([])
    expect(idle('img_loader', { ...unheeded, ...option })).toEqual(Object.keys(option))
  })

  it.each([
    ['ImageNet', { valid_size: 0.01, num_workers: 8, add_corrupted_test: true, apply_augmentation: true }],
    ['TinyImageNet', { valid_size: 0.1, num_workers: 1, add_corrupted_test: true, apply_augmentation: true }],
    ['SVHN', { valid_size: 0.1, num_workers: 1, add_corrupted_test: false, apply_augmentation: false }],
  ])('of %s has its own defaults', (name, expected) => {
    expect(resolve(componentOf('img_loader'), { dataset_cls: name }).config).toMatchObject(expected)
  })

  it('takes colours as they are published, and classes up to one after the last', () => {
    const colour = { dataset_cls: 'CIFAR10', apply_grayscale: false }
    expect(standing('img_loader', colour, 'train_data_std')).toEqual([0.24703223, 0.24348513, 0.26158784])
    expect(standing('img_loader', { dataset_cls: 'CIFAR10' }, 'train_data_mean')).toBeNull()
    expect(images({ filter_classes: [5, 6] })).toEqual([])
    expect(images({ filter_classes: [6, 5] })).toHaveLength(1)
    expect(images({ train_data_mean: [0.1], train_data_std: [0.2] })).toEqual([])
    expect(images({ dataset_cls: 'ImageFolder', train_data_std: [0.2] })).toHaveLength(1)
    expect(images({ dataset_cls: 'library', data_set: 'pictures' })).toEqual([])
  })

  it('takes an empty level for no number', () => {
    expect(images({ apply_noise: { noise_snr: { ' ': 1 } } })).toEqual([
      'apply_noise.noise_snr. : expected a number as level. Write level: probability, for example 0.08: 0.5.',
    ])
  })

  it('lets the probabilities of noise add up to one, as floats do', () => {
    const thirds = { '0.1': 1 / 3, '0.2': 1 / 3, '-1': 1 / 3 }
    expect(images({ apply_noise: { noise_std: thirds } })).toEqual([])
    expect(images({ apply_noise: { noise_std: { ...thirds, '0.3': 0.1 } } })[0]).toMatch(/add up to 1\.1/)
  })
})
