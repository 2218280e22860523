import { z } from 'zod'
import { boolean, choice, custom, group, int, list, nullable, number, record, text } from '../field.ts'
import { ALL_CORRUPTIONS, everyCommonCorruption, GAUSS_LEVELS } from './corruptions.ts'
import { IMAGE_SETS } from './image-sets.ts'

const severities = z.array(z.number().int().min(1).max(5))
const corruptions = z.partialRecord(z.enum(ALL_CORRUPTIONS), severities)

const set = {
  dataset_cls: choice(IMAGE_SETS, {
    default: 'TinyImageNet',
    label: 'Image set',
    help: 'Which pictures to classify; `library` takes a registered set.',
    group: 'Pictures',
  }),
  data_set: text({
    default: '',
    label: 'Registered set',
    help: 'Name or fingerprint of a set in the data library.',
    group: 'Pictures',
  }),
  data_dir: text({
    default: './data/image_classification/',
    label: 'Folder',
    help: 'Holds the set itself, or a sub-folder with its name. Where the set lies does not change the result: its content is fingerprinted.',
    group: 'Pictures',
    identity: false,
  }),
  input_size: int({
    default: 64,
    min: 8,
    max: 1024,
    unit: 'px',
    label: 'Input size',
    help: 'Height and width given to the network: 64 for TinyImageNet, 224 for ImageNet, 32 for small sets.',
    group: 'Pictures',
  }),
  fit: choice(['auto', 'pad', 'resize'], {
    default: 'auto',
    label: 'Fitting',
    help: 'How pictures of another size come to the input size: a dark border, or bilinear resizing; auto pads digits and resizes the rest.',
    group: 'Pictures',
    advanced: true,
  }),
  in_resize: int({
    default: 256,
    min: 8,
    max: 2048,
    unit: 'px',
    label: 'Shorter side',
    help: 'ImageNet: size of the shorter side before the centre crop.',
    group: 'Pictures',
    advanced: true,
  }),
  apply_grayscale: boolean({
    default: true,
    label: 'Grey',
    help: 'Turn pictures into one grey channel.',
    group: 'Pictures',
  }),
  convert_to_rgb: boolean({
    default: false,
    label: 'Grey to RGB',
    help: 'Repeat the channel of grey sets three times.',
    group: 'Pictures',
    advanced: true,
  }),
  input_channels: nullable(z.literal([1, 3]), {
    label: 'Channels',
    help: 'Channels given to the network; empty: what the pictures have.',
    group: 'Pictures',
    advanced: true,
  }),
  apply_normalization: boolean({
    default: true,
    label: 'Normalise',
    help: 'Subtract the mean and divide by the sd.',
    group: 'Pictures',
  }),
  train_data_mean: nullable(z.array(z.number()).min(1).max(3), {
    label: 'Mean',
    help: 'Per channel on the 0..1 scale; empty: measured on the training pictures.',
    group: 'Pictures',
    advanced: true,
  }),
  train_data_std: nullable(z.array(z.number().gt(0)).min(1).max(3), {
    label: 'Sd',
    help: 'Per channel on the 0..1 scale; empty: measured on the training pictures.',
    group: 'Pictures',
    advanced: true,
  }),
}

const split = {
  valid_size: number({
    default: 0.1,
    min: 0,
    max: 1,
    label: 'Validation part',
    help: 'Fraction of the training pictures kept for validation.',
    group: 'Split',
  }),
  shuffle: boolean({
    default: true,
    label: 'Shuffle before the split',
    help: 'Off: the first pictures validate.',
    group: 'Split',
    advanced: true,
  }),
  batch_size: int({
    default: 128,
    min: 1,
    max: 8192,
    unit: 'pictures',
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
    help: 'Leading fraction of the shuffled training pictures.',
    group: 'Split',
  }),
  valid_subset: number({
    default: 1,
    above: 0,
    max: 1,
    label: 'Part of the validation set',
    help: 'Leading fraction of the validation pictures.',
    group: 'Split',
    advanced: true,
  }),
  test_subset: number({
    default: 1,
    above: 0,
    max: 1,
    label: 'Part of the test set',
    help: 'Leading fraction of the test pictures in a fixed shuffled order.',
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
    help: 'Keep only the first training pictures of each class.',
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
    help: 'Each drawn picture appears this often in a row.',
    group: 'Split',
    advanced: true,
  }),
}

const augmentation = {
  apply_augmentation: boolean({
    default: true,
    label: 'Augment',
    help: 'Training pictures are shifted, mirrored and turned at random; off for digits unless asked for.',
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
        help: 'Half of the pictures get one of these at a random severity.',
      }),
      representation_matching: boolean({
        default: false,
        label: 'Paired views',
        help: 'Each batch carries a second, always noisy view of its pictures.',
        advanced: true,
      }),
    },
    { label: 'Noise', help: 'Noise added to training pictures.', group: 'Augmentation' },
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
    help: 'Each validation picture keeps its noise, so that scores of epochs compare; off: redrawn as published.',
    group: 'Augmentation',
    advanced: true,
  }),
}

const tests = {
  validation_gauss: list(z.number().min(0).max(10), {
    default: [...GAUSS_LEVELS],
    label: 'Noise levels',
    help: 'Sd of Gaussian noise at which the validation pictures are scored at the end.',
    group: 'Robustness tests',
  }),
  add_out_domain_test: boolean({
    default: true,
    label: 'Other noise condition',
    help: 'Score validation and test pictures in the noise condition that training did not have.',
    group: 'Robustness tests',
    advanced: true,
  }),
  add_fly_corrupted_test: custom(corruptions, {
    default: everyCommonCorruption(),
    label: 'Corruptions',
    help: 'Corruption -> severities at which the test pictures are scored at the end.',
    group: 'Robustness tests',
  }),
  fly_subset: number({
    default: 1,
    above: 0,
    max: 1,
    label: 'Part of the test set for corruptions',
    help: 'Share of the test pictures that the corruption tests use.',
    group: 'Robustness tests',
  }),
  constants: choice(['ic', 'hd64', 'hd32', 'auto'], {
    default: 'ic',
    label: 'Severity constants',
    help: 'ic: those for 224 px at any size, as published; hd64 and hd32: those of Tiny-ImageNet-C and CIFAR-10-C; auto: by input size.',
    group: 'Robustness tests',
  }),
  frost_textures: text({
    default: '',
    label: 'Frost pictures',
    help: 'Folder with frost photographs; empty: a drawn crystal texture.',
    group: 'Robustness tests',
    advanced: true,
  }),
  add_corrupted_test: boolean({
    default: true,
    label: 'Stored corrupted set',
    help: 'Score the -C set on disk (TinyImageNet-C, CIFAR-10-C, MNIST-C ...).',
    group: 'Robustness tests',
  }),
  corrupted_dir: text({
    default: '',
    label: 'Folder of the corrupted set',
    help: 'Empty: beside the set, its name with -C.',
    group: 'Robustness tests',
    identity: false,
  }),
  use_c_test_as_val: boolean({
    default: false,
    label: 'Validate on corruptions',
    help: 'Validation pictures come from the validation corruptions of the stored corrupted set.',
    group: 'Robustness tests',
    advanced: true,
  }),
  add_imagenet_fly_test: boolean({
    default: false,
    label: 'Corrupt full-size pictures',
    help: 'TinyImageNet: also score the full-size pictures of its classes, resized and corrupted.',
    group: 'Robustness tests',
    advanced: true,
  }),
  imagenet_val_dir: text({
    default: '',
    label: 'Folder of full-size pictures',
    help: 'Empty: imagenet_val inside the TinyImageNet folder.',
    group: 'Robustness tests',
    advanced: true,
    identity: false,
  }),
  add_rotated_test: boolean({
    default: false,
    label: 'Turned pictures',
    help: 'Score test pictures turned by 0, 90, 180 or 270 degrees at random.',
    group: 'Robustness tests',
    advanced: true,
  }),
  add_stylized_test: boolean({
    default: false,
    label: 'Stylised pictures',
    help: 'Score a folder of stylised test pictures.',
    group: 'Robustness tests',
    advanced: true,
  }),
  stylized_dir: text({
    default: '',
    label: 'Folder of stylised pictures',
    help: 'Class folders; empty: beside the set, its name with -stylized.',
    group: 'Robustness tests',
    advanced: true,
    identity: false,
  }),
}

const machine = {
  num_workers: int({
    default: 1,
    min: 0,
    max: 64,
    label: 'Loading threads',
    help: 'Threads that prepare batches; results do not depend on it.',
    group: 'Machine',
    advanced: true,
    identity: false,
  }),
  pin_memory: boolean({
    default: true,
    label: 'Pin memory',
    help: 'Read for compatibility; has no effect.',
    group: 'Machine',
    advanced: true,
    identity: false,
  }),
  show_sample: boolean({
    default: false,
    label: 'Show sample',
    help: 'Read for compatibility; the data page shows samples.',
    group: 'Machine',
    advanced: true,
    identity: false,
  }),
  download: boolean({
    default: false,
    label: 'Download',
    help: 'Read for compatibility; pictures are never fetched during a run.',
    group: 'Machine',
    advanced: true,
    identity: false,
  }),
}

/** Options of an image-classification set (ImageDatasetConfig of neural_cotraining and nntransfer, and our additions). */
export const imageFields = { ...set, ...split, ...augmentation, ...tests, ...machine }

const schema = z.strictObject(imageFields)
/** Resolved options of an image-classification set. */
export type ImageOptions = Readonly<z.infer<typeof schema>>
