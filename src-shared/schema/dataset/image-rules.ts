import type { Problem } from '../../contract/errors.ts'
import type { RuleTable } from '../component.ts'
import type { ImageOptions } from './image-fields.ts'
import { imageSetFacts } from './image-sets.ts'

const factsOf = (c: ImageOptions) => imageSetFacts[c.dataset_cls]
const isImageNet = (c: ImageOptions): boolean => c.dataset_cls === 'ImageNet'
const hasStoredCorruptions = (c: ImageOptions): boolean => c.dataset_cls === 'TinyImageNet' || isImageNet(c)
const normalisation = (c: ImageOptions) => (c.apply_grayscale === true ? factsOf(c).grey : factsOf(c).colour)

/** Defaults that depend on the chosen set. */
export const imageDerive: RuleTable<unknown, ImageOptions> = {
  input_size: (c) => factsOf(c).inputSize,
  valid_size: (c) => (isImageNet(c) ? 0.01 : 0.1),
  num_workers: (c) => (isImageNet(c) ? 8 : 1),
  apply_augmentation: (c) => factsOf(c).augment,
  add_corrupted_test: hasStoredCorruptions,
  train_data_mean: (c) => normalisation(c)?.mean ?? null,
  train_data_std: (c) => normalisation(c)?.std ?? null,
}

const augments = (c: ImageOptions): boolean => c.apply_augmentation === true
const tiny = (c: ImageOptions): boolean => c.dataset_cls === 'TinyImageNet'

export const imageApplies: RuleTable<boolean, ImageOptions> = {
  data_set: (c) => c.dataset_cls === 'library',
  value_min: (c) => c.dataset_cls !== 'library',
  value_max: (c) => c.dataset_cls !== 'library',
  in_resize: isImageNet,
  fit: (c) => !isImageNet(c),
  train_data_mean: (c) => c.apply_normalization === true,
  train_data_std: (c) => c.apply_normalization === true,
  reduce_to_filtered_classes: (c) => c.filter_classes !== null,
  repeats_per_epoch: (c) => c.examples_per_class !== null,
  augment_padding: (c) => augments(c) && !isImageNet(c),
  augment_flip: augments,
  augment_rotation: (c) => augments(c) && !isImageNet(c),
  snr_legacy: (c) => Object.keys(c.apply_noise.noise_snr).length > 0,
  shared_geometry: (c) => c.apply_noise.representation_matching,
  imagenet_val_dir: (c) => c.add_imagenet_fly_test === true,
  add_imagenet_fly_test: tiny,
  stylized_dir: (c) => c.add_stylized_test === true,
}

export function checkImages(c: ImageOptions): readonly Problem[] {
  const problems: Problem[] = []
  const add = (path: string, message: string, hint: string): void => {
    problems.push({ code: 'config-invalid', path, message, hint })
  }
  for (const key of ['noise_std', 'noise_snr'] as const)
    checkMixture(c.apply_noise[key], `apply_noise.${key}`, add)
  if (Object.keys(c.apply_noise.noise_std).length > 0 && Object.keys(c.apply_noise.noise_snr).length > 0) {
    add('apply_noise.noise_snr', 'noise_std is set as well.', 'State the noise by one of the two.')
  }
  if (c.filter_classes !== null && c.filter_classes[1] <= c.filter_classes[0]) {
    add(
      'filter_classes',
      `expected the first class and the one after the last, got [${c.filter_classes.join(', ')}].`,
      'Write for example [0, 10].',
    )
  }
  if ((c.train_data_mean === null) !== (c.train_data_std === null)) {
    add('train_data_std', 'mean and sd belong together.', 'Give both or neither.')
  }
  if (
    c.train_data_mean !== null &&
    c.train_data_std !== null &&
    c.train_data_mean.length !== c.train_data_std.length
  ) {
    add(
      'train_data_std',
      'has another number of channels than train_data_mean.',
      'Give one value for each channel in both.',
    )
  }
  if (c.dataset_cls === 'library' && c.data_set === '') {
    add('data_set', 'no registered set is named.', 'Name one of `cotrain data list`.')
  }
  return problems
}

function checkMixture(
  mixture: Readonly<Record<string, number>>,
  path: string,
  add: (path: string, message: string, hint: string) => void,
): void {
  for (const level of Object.keys(mixture)) {
    if (level.trim() === '' || !Number.isFinite(Number(level))) {
      add(
        `${path}.${level}`,
        'expected a number as level.',
        'Write level: probability, for example 0.08: 0.5.',
      )
    }
  }
  const sum = Object.values(mixture).reduce((a, b) => a + b, 0)
  if (Object.keys(mixture).length > 0 && Math.abs(sum - 1) > 1e-6) {
    add(path, `the probabilities add up to ${sum}.`, 'Let them add up to 1; -1 stands for no noise.')
  }
}
