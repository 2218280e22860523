import { z } from 'zod'
import { boolean, choice, custom, int, list, number, optionalGroup } from '../field.ts'

const pair = z.tuple([z.number().int().min(0), z.number().int().min(0)])

/** How the images of a recording come to the network. */
export const neuralImageFields = {
  crop: custom(z.union([z.number().int().min(0), z.tuple([pair, pair])]), {
    default: 36,
    label: 'Crop',
    help: 'Pixels cut off at each side, or [[top, bottom], [left, right]].',
    group: 'Images',
  }),
  subsample: int({
    default: 1,
    min: 1,
    max: 64,
    label: 'Subsample',
    help: 'Keep every n-th pixel after the crop.',
    group: 'Images',
    advanced: true,
  }),
  scale: number({
    default: 0.4,
    above: 0,
    max: 8,
    label: 'Scale',
    help: 'Bilinear rescaling after the crop, without antialiasing as published.',
    group: 'Images',
  }),
  rounding: choice(['truncate', 'round'], {
    default: 'truncate',
    label: 'Rounding',
    help: 'How rescaled bytes become whole; truncation is published.',
    group: 'Images',
    advanced: true,
  }),
  resize: int({
    default: 0,
    min: 0,
    max: 1024,
    unit: 'px',
    label: 'Resize',
    help: 'Square size before the crop; 0: off.',
    group: 'Images',
    advanced: true,
  }),
  train_transformation: boolean({
    default: false,
    label: 'Resize and grey in training',
    help: 'Use resize and the grey conversion for train, validation and test images too.',
    group: 'Images',
    advanced: true,
  }),
  apply_grayscale: boolean({
    default: true,
    label: 'Grey',
    help: 'Turn images into one grey channel (takes effect with the option above, and for grey images always).',
    group: 'Images',
  }),
  apply_augmentation: boolean({
    default: false,
    label: 'Augment',
    help: 'Training images are shifted, mirrored and turned at random.',
    group: 'Images',
  }),
  input_size: int({
    default: 64,
    min: 8,
    max: 1024,
    unit: 'px',
    label: 'Crop size',
    help: 'Size of the random crop of augmented images.',
    group: 'Images',
    advanced: true,
  }),
  normalize: boolean({
    default: true,
    label: 'Normalise',
    help: 'Subtract the mean and divide by the sd.',
    group: 'Images',
  }),
  stats: optionalGroup(
    {
      mean: list(z.number(), { default: [0], label: 'Mean', help: 'On the 0..1 scale.' }),
      std: list(z.number().gt(0), { default: [1], label: 'Sd', help: 'On the 0..1 scale.' }),
    },
    { label: 'Statistics', help: 'Mean and sd of the images; empty: measured.', group: 'Images' },
  ),
  stats_source: choice(['all', 'train'], {
    default: 'all',
    label: 'Measured on',
    help: 'Images that the statistics are measured on; all is published.',
    group: 'Images',
    advanced: true,
  }),
  individual_image_paths: boolean({
    default: false,
    label: 'Image paths',
    help: 'Published layout: images are listed in individual_image_paths.pickle.',
    group: 'Images',
    advanced: true,
  }),
}
