import { CotrainError } from '../../contract/errors.ts'
import { pyDict, pyFloat, pythonText, type PyValue } from '../../util/upstream-hash.ts'
import {
  entriesOf,
  isTrue,
  resolvePublished,
  type Default,
  type PublishedClass,
  type Read,
} from './published-class.ts'
import { everyCommonCorruption } from '../dataset/corruptions.ts'

type Defaults = PublishedClass['defaults']

/** nntransfer's DatasetConfig. */
const BASE: Defaults = [
  ['batch_size', 128],
  ['pin_memory', true],
  ['shuffle', true],
  ['valid_size', pyFloat(0.1)],
  ['comment', ''],
]

/** The 15 common corruptions at all severities, in the published order. */
const ALL_CORRUPTIONS: PyValue = pyDict(everyCommonCorruption())

const floats = (...values: readonly number[]): PyValue => ({ $tuple: values.map(pyFloat) })

interface ImageSet {
  readonly grey: readonly [mean: PyValue, std: PyValue]
  readonly rgb: readonly [mean: PyValue, std: PyValue]
  readonly inputSize: number
  readonly workers: number
  readonly validSize: number
}

const IMAGE_SETS: Readonly<Record<string, ImageSet>> = {
  TinyImageNet: {
    grey: [floats(0.4519), floats(0.2221)],
    rgb: [floats(0.4802, 0.4481, 0.3975), floats(0.2302, 0.2265, 0.2262)],
    inputSize: 64,
    workers: 1,
    validSize: 0.1,
  },
  ImageNet: {
    grey: [floats(0.4573), floats(0.2156)],
    rgb: [floats(0.485, 0.456, 0.406), floats(0.229, 0.224, 0.225)],
    inputSize: 224,
    workers: 8,
    validSize: 0.01,
  },
}

/** Image sets that the published loader knows. */
export const PUBLISHED_SETS: ReadonlySet<string> = new Set(Object.keys(IMAGE_SETS))

function imageSet(read: Read): ImageSet {
  const name = pythonText(read('dataset_cls'))
  const set = Object.hasOwn(IMAGE_SETS, name) ? IMAGE_SETS[name] : undefined
  if (set !== undefined) return set
  throw new CotrainError({
    code: 'config-invalid',
    path: 'dataset_config.dataset_cls',
    message: `the published loader has no image set "${name}".`,
    hint: `Use one of ${Object.keys(IMAGE_SETS).join(', ')}.`,
  })
}

const statistic =
  (which: 0 | 1): Default =>
  (read) => {
    const set = imageSet(read)
    return (isTrue(read('apply_grayscale')) ? set.grey : set.rgb)[which]
  }

export const IMAGE_DATASET_CONFIG: PublishedClass = {
  fn: 'neural_cotraining.dataset.img_dataset_loader',
  derived: ['filters'],
  defaults: [
    ['dataset_cls', 'TinyImageNet'],
    ['apply_augmentation', true],
    ['apply_normalization', true],
    ['apply_grayscale', true],
    ['apply_noise', pyDict({})],
    ['in_resize', 256],
    ['train_data_mean', statistic(0)],
    ['train_data_std', statistic(1)],
    ['data_dir', './data/image_classification/'],
    ['input_size', (read) => imageSet(read).inputSize],
    ['num_workers', (read) => imageSet(read).workers],
    ['valid_size', (read) => pyFloat(imageSet(read).validSize)],
    ['add_corrupted_test', true],
    ['add_fly_corrupted_test', ALL_CORRUPTIONS],
    ['shuffle', true],
    ['show_sample', false],
    ['filter_classes', null],
    ['pin_memory', true],
    ...BASE,
  ],
}

export const NEURAL_DATASET_CONFIG: PublishedClass = {
  fn: 'neural_cotraining.dataset.neural_loader',
  derived: [],
  defaults: [
    ['train_frac', pyFloat(0.8)],
    ['dataset', 'CSRF19_V1'],
    ['sessions_dir', 'neuronal_data'],
    ['data_dir', (read) => `./data/monkey/${pythonText(read('dataset'))}`],
    ['seed', 1000],
    ['subsample', 1],
    ['crop', 36],
    ['time_bins_sum', 12],
    ['target_types', ['v1']],
    ['normalize', true],
    ['scale', pyFloat(0.4)],
    ['train_transformation', false],
    ['individual_image_paths', false],
    ['stats', pyDict({})],
    ['pin_memory', true],
    ['load_all_in_memory', true],
    ['num_workers', 1],
    ['apply_augmentation', false],
    ['input_size', 64],
    ['apply_grayscale', true],
    ['add_fly_corrupted_test', ALL_CORRUPTIONS],
    ['resize', 0],
    ...BASE,
  ],
}

/** The resolved neural config of a set; an empty dict means that the set is absent. */
const neuralPart =
  (option: string): Default =>
  (read) => {
    const given = read(option)
    return { $dict: isTrue(given) ? resolvePublished(NEURAL_DATASET_CONFIG, entriesOf(given)) : [] }
  }

function imagePart(read: Read): PyValue {
  const images = read('classification_loader') === 'img_classification'
  const definition = images ? IMAGE_DATASET_CONFIG : NEURAL_DATASET_CONFIG
  return { $dict: resolvePublished(definition, entriesOf(read('img_dataset_dict'))) }
}

/** Neural sets and images together; each part is a resolved config of its own. */
export const MTL_DATASETS_CONFIG: PublishedClass = {
  fn: 'neural_cotraining.dataset.mtl_loader',
  derived: [],
  defaults: [
    ['classification_loader', 'img_classification'],
    ['v1_dataset_dict', pyDict({})],
    ['v4_dataset_dict', pyDict({})],
    ['v1_dataset_config', neuralPart('v1_dataset_dict')],
    ['v4_dataset_config', neuralPart('v4_dataset_dict')],
    ['img_dataset_dict', pyDict({})],
    ['img_dataset_config', imagePart],
    ...BASE,
  ],
}
