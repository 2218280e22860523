import { z } from 'zod'
import { boolean, choice, int, nullable, number, text } from '../field.ts'
import { IMAGE_SETS } from './image-sets.ts'
import { whiteFields } from './white-fields.ts'

/** Says that nobody named a folder: the application's own copy of a set counts too. */
export const DEFAULT_IMAGE_DIR = './data/image_classification/'

/** Which images, and how they come to the network. */
export const imageSetFields = {
  dataset_cls: choice(IMAGE_SETS, {
    default: 'TinyImageNet',
    label: 'Image set',
    help: 'Which images to classify; `library` takes a registered set.',
    group: 'Images',
  }),
  data_set: text({
    default: '',
    label: 'Registered set',
    identity: () => '',
    help: 'Name or fingerprint of a set in the data library. The name does not change the result: its content is fingerprinted.',
    group: 'Images',
  }),
  data_dir: text({
    default: DEFAULT_IMAGE_DIR,
    label: 'Folder',
    help: 'Holds the set itself, or a sub-folder with its name. Where the set lies does not change the result: its content is fingerprinted.',
    group: 'Images',
    identity: false,
  }),
  ...whiteFields('Images'),
  input_size: int({
    default: 64,
    min: 8,
    max: 1024,
    unit: 'px',
    label: 'Input size',
    help: 'Height and width given to the network: 64 for TinyImageNet, 224 for ImageNet, 32 for small sets.',
    group: 'Images',
  }),
  fit: choice(['auto', 'pad', 'resize'], {
    default: 'auto',
    label: 'Fitting',
    help: 'How images of another size come to the input size: a dark border, or bilinear resizing; auto pads digits and resizes the rest.',
    group: 'Images',
    advanced: true,
  }),
  in_resize: int({
    default: 256,
    min: 8,
    max: 2048,
    unit: 'px',
    label: 'Shorter side',
    help: 'ImageNet: size of the shorter side before the centre crop.',
    group: 'Images',
    advanced: true,
  }),
  apply_grayscale: boolean({
    default: true,
    label: 'Grey',
    help: 'Turn images into one grey channel.',
    group: 'Images',
  }),
  convert_to_rgb: boolean({
    default: false,
    label: 'Grey to RGB',
    help: 'Repeat the channel of grey sets three times.',
    group: 'Images',
    advanced: true,
  }),
  input_channels: nullable(z.literal([1, 3]), {
    label: 'Channels',
    help: 'Channels given to the network; empty: what the images have.',
    group: 'Images',
    advanced: true,
  }),
  apply_normalization: boolean({
    default: true,
    label: 'Normalise',
    help: 'Subtract the mean and divide by the sd.',
    group: 'Images',
  }),
  train_data_mean: nullable(z.array(z.number()).min(1).max(3), {
    label: 'Mean',
    help: 'Per channel on the 0..1 scale; empty: measured on the training images.',
    group: 'Images',
    advanced: true,
  }),
  train_data_std: nullable(z.array(z.number().gt(0)).min(1).max(3), {
    label: 'Sd',
    help: 'Per channel on the 0..1 scale; empty: measured on the training images.',
    group: 'Images',
    advanced: true,
  }),
}

/** Which of them train, validate and test. */
export const imageSplitFields = {
  valid_size: number({
    default: 0.1,
    min: 0,
    max: 1,
    label: 'Validation part',
    help: 'Fraction of the training images kept for validation.',
    group: 'Split',
  }),
  shuffle: boolean({
    default: true,
    label: 'Shuffle before the split',
    help: 'Off: the first images validate.',
    group: 'Split',
    advanced: true,
  }),
  batch_size: int({
    default: 128,
    min: 1,
    max: 8192,
    unit: 'images',
    scale: 'log',
    label: 'Batch size',
    help: 'The last short batch is kept.',
    group: 'Split',
  }),
  train_subset: number({
    default: 1,
    above: 0,
    max: 1,
    label: 'Part of the training set',
    help: 'Leading fraction of the shuffled training images.',
    group: 'Split',
  }),
  valid_subset: number({
    default: 1,
    above: 0,
    max: 1,
    label: 'Part of the validation set',
    help: 'Leading fraction of the validation images.',
    group: 'Split',
    advanced: true,
  }),
  test_subset: number({
    default: 1,
    above: 0,
    max: 1,
    label: 'Part of the test set',
    help: 'Leading fraction of the test images in a fixed shuffled order.',
    group: 'Split',
  }),
  filter_classes: nullable(z.tuple([z.number().int().min(0), z.number().int().min(1)]), {
    label: 'Classes',
    help: 'First class and the one after the last; empty: all.',
    group: 'Split',
    advanced: true,
  }),
  reduce_to_filtered_classes: boolean({
    default: false,
    label: 'Renumber classes',
    help: 'Kept classes count from 0 and the others are forgotten.',
    group: 'Split',
    advanced: true,
  }),
  examples_per_class: nullable(z.number().int().min(1), {
    label: 'Examples per class',
    help: 'Keep only the first training images of each class.',
    group: 'Split',
    advanced: true,
  }),
  repeats_per_epoch: int({
    default: 1,
    min: 1,
    max: 10_000,
    label: 'Repeats per epoch',
    help: 'With examples per class: how often an epoch shows each.',
    group: 'Split',
    advanced: true,
  }),
  data_repeats: int({
    default: 1,
    min: 1,
    max: 1000,
    label: 'Repeats in a row',
    help: 'Each drawn image appears this often in a row.',
    group: 'Split',
    advanced: true,
  }),
}
