import { z } from 'zod'
import { boolean, group, int, list, number, record } from '../field.ts'
import { ALL_CORRUPTIONS } from './corruptions.ts'

/** Random changes of training images. */
export const imageAugmentationFields = {
  apply_augmentation: boolean({
    default: true,
    label: 'Augment',
    help: 'Training images are shifted, mirrored and turned at random; off for digits unless asked for.',
    group: 'Augmentation',
  }),
  augment_padding: int({
    default: 4,
    min: 0,
    max: 64,
    unit: 'px',
    label: 'Shift',
    help: 'Black border from which a random crop is taken.',
    group: 'Augmentation',
    advanced: true,
  }),
  augment_flip: boolean({
    default: true,
    label: 'Mirror',
    help: 'Left and right swapped with probability one half.',
    group: 'Augmentation',
    advanced: true,
  }),
  augment_rotation: number({
    default: 15,
    min: 0,
    max: 180,
    unit: 'deg',
    label: 'Turn',
    help: 'Random angle up to this to either side.',
    group: 'Augmentation',
    advanced: true,
  }),
  apply_noise: group(
    {
      noise_std: record(z.number().min(0).max(1), {
        default: {},
        label: 'Noise sd',
        help: 'Sd on the 0..1 scale -> probability; -1 stands for no noise.',
      }),
      noise_snr: record(z.number().min(0).max(1), {
        default: {},
        label: 'Noise by signal-to-noise ratio',
        help: 'Ratio of powers -> probability; -1 stands for no noise.',
        advanced: true,
      }),
      all_noises: list(z.enum(ALL_CORRUPTIONS), {
        default: [],
        label: 'Random corruptions',
        help: 'Half of the images get one of these at a random severity.',
      }),
      representation_matching: boolean({
        default: false,
        label: 'Paired views',
        help: 'Each batch carries a second, always noisy view of its images.',
        advanced: true,
      }),
    },
    { label: 'Noise', help: 'Noise added to training images.', group: 'Augmentation' },
  ),
  snr_legacy: boolean({
    default: false,
    label: 'Published SNR formula',
    help: 'Sd = power / ratio, without the root.',
    group: 'Augmentation',
    advanced: true,
  }),
  shared_geometry: boolean({
    default: false,
    label: 'Same shift in both views',
    help: 'Paired views differ in their noise only.',
    group: 'Augmentation',
    advanced: true,
  }),
  fixed_validation_noise: boolean({
    default: true,
    label: 'Fixed validation noise',
    help: 'Each validation image keeps its noise, so that scores of epochs compare; off: redrawn as published.',
    group: 'Augmentation',
    advanced: true,
  }),
}
