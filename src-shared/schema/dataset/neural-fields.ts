import { z } from 'zod'
import { boolean, choice, custom, group, int, list, nullable, number, text } from '../field.ts'
import { byCorruption, everyCommonCorruption, GAUSS_LEVELS, severity } from './corruptions.ts'
import { generatorFields } from './generator-fields.ts'
import { neuralImageFields } from './neural-image-fields.ts'
import { whiteFields } from './white-fields.ts'
import { predictionFields, runDataOf } from './prediction-fields.ts'
import { TASK_NAMES } from '../names.ts'

const corruptions = byCorruption(z.array(severity))

const set = {
  dataset: text({
    default: 'CSRF19_V1',
    label: 'Data set',
    identity: (name) => (name === 'in_silico' ? name : (runDataOf(String(name))?.kind ?? 'recording')),
    help: 'in_silico, predicted:<run>, oracle:<run>, the name or fingerprint of a registered set, a data file (.h5), or a published folder layout (CSRF19_V1, CSRF19_V4, PlosCB19_V1).',
    group: 'Recording',
  }),
  generator: group(generatorFields, {
    label: 'In-silico population',
    help: 'Model neurons that make the responses.',
    group: 'Recording',
  }),
  predictions: group(predictionFields, {
    label: 'Answers of a run',
    help: 'Which images a finished run answers, and how an oracle reads it.',
    group: 'Recording',
  }),
  data_dir: text({
    default: '',
    label: 'Folder',
    help: 'Folder of a published layout; empty: ./data/monkey/<data set>. Its content is fingerprinted.',
    group: 'Recording',
    identity: false,
  }),
  ...whiteFields('Recording'),
  sessions_dir: text({
    default: 'neuronal_data',
    label: 'Session folder',
    help: 'Sub-folder with one file per session.',
    group: 'Recording',
    advanced: true,
  }),
  sessions: list(z.string(), {
    default: [],
    label: 'Sessions',
    help: 'Keys of the sessions to use; empty: all.',
    group: 'Recording',
  }),
  exclude: list(z.string(), {
    default: [],
    label: 'Left out',
    help: 'Keys or files of sessions not to use.',
    group: 'Recording',
  }),
  target_types: list(z.enum(TASK_NAMES), {
    default: ['v1'],
    label: 'Targets',
    help: 'What the trials teach: responses of an area, class labels, or both.',
    group: 'Recording',
  }),
  variant: choice(['normal', 'shuffled'], {
    default: 'normal',
    label: 'Variant',
    help: 'shuffled: whole response vectors change places within each tier, as a control.',
    group: 'Recording',
  }),
  variant_seed: int({
    default: 1000,
    min: 0,
    label: 'Shuffle seed',
    help: 'Seed of the exchange.',
    group: 'Recording',
    advanced: true,
  }),
  time_bins_sum: custom(
    z.union([z.number().int().min(1), z.array(z.number().int().min(0)).min(1), z.null()]),
    {
      default: 12,
      label: 'Time bins',
      help: 'The first n bins, a list of bins, or null for all; recordings without bins are taken as they are.',
      group: 'Recording',
    },
  ),
  avg: boolean({
    default: false,
    label: 'Mean over bins',
    help: 'Off: sum.',
    group: 'Recording',
    advanced: true,
  }),
}

const split = {
  train_frac: number({
    default: 0.8,
    above: 0,
    max: 1,
    label: 'Training part',
    help: 'Fraction of the images of the training pool used for training, common to all sessions; the rest validates.',
    group: 'Split',
  }),
  legacy_split: boolean({
    default: false,
    label: 'Published id split',
    help: 'Permute 1..n as published, so that image 0 is in no part.',
    group: 'Split',
    advanced: true,
  }),
  test_frac: number({
    default: 0,
    min: 0,
    max: 0.9,
    label: 'Test part',
    help: 'Fraction of the images kept for testing, with all their trials, in sessions that have no test trials of their own; 0: such sessions are not tested.',
    group: 'Split',
  }),
  test_split: choice(['common', 'each_session'], {
    default: 'common',
    label: 'Test images',
    help: 'common: one draw over all images of the file, so that none tests in one session and trains in another; each_session: a draw over the images of each session, the first of numpy.random.RandomState(seed).permutation.',
    group: 'Split',
    advanced: true,
  }),
  test_seed: int({
    default: 0,
    min: 0,
    max: 4294967295,
    label: 'Test seed',
    help: 'Seed of that draw.',
    group: 'Split',
    advanced: true,
  }),
  image_frac: number({
    default: 1,
    above: 0,
    max: 1,
    label: 'Part of the trials',
    help: 'Fraction of the training trials kept, drawn for each session.',
    group: 'Split',
  }),
  image_selection_seed: nullable(z.number().int().min(0), {
    label: 'Selection seed',
    help: 'Seed of that draw; empty: the data seed.',
    group: 'Split',
    advanced: true,
  }),
  randomize_image_selection: boolean({
    default: true,
    label: 'New draw for each fraction',
    help: 'Other fractions draw other trials.',
    group: 'Split',
    advanced: true,
  }),
  batch_size: int({
    default: 128,
    min: 1,
    max: 8192,
    unit: 'trials',
    scale: 'log',
    label: 'Batch size',
    help: 'The last short batch is kept.',
    group: 'Split',
  }),
}

const tests = {
  validation_gauss: list(z.number().min(0).max(10), {
    default: [...GAUSS_LEVELS],
    label: 'Noise levels',
    help: 'With labels: sd of Gaussian noise at which the validation trials are scored at the end.',
    group: 'Robustness tests',
    advanced: true,
  }),
  add_fly_corrupted_test: custom(corruptions, {
    default: everyCommonCorruption(),
    label: 'Corruptions',
    help: 'With labels: corruption -> severities scored at the end.',
    group: 'Robustness tests',
    advanced: true,
  }),
  constants: choice(['ic', 'hd64', 'hd32', 'auto'], {
    default: 'ic',
    label: 'Severity constants',
    help: 'ic: those for 224 px at any size, as published; hd64 and hd32: those of Tiny-ImageNet-C and CIFAR-10-C; auto: by input size.',
    group: 'Robustness tests',
    advanced: true,
  }),
}

const machine = {
  load_all_in_memory: boolean({
    default: true,
    label: 'Keep images in memory',
    help: 'Off: read them when needed.',
    group: 'Machine',
    advanced: true,
    identity: false,
  }),
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
    effect: 'none',
  }),
  return_data_info: boolean({
    default: false,
    label: 'Return data info',
    help: 'Read for compatibility; has no effect.',
    group: 'Machine',
    advanced: true,
    identity: false,
    effect: 'none',
  }),
  store_data_info: boolean({
    default: true,
    label: 'Store statistics',
    help: 'Read for compatibility; statistics are always kept.',
    group: 'Machine',
    advanced: true,
    identity: false,
    effect: 'none',
  }),
}

/** Options of a neural set (NeuralDatasetConfig of neural_cotraining, and our additions). */
export const neuralFields = { ...set, ...neuralImageFields, ...split, ...tests, ...machine }

/** Resolved options of a neural set. */
export type NeuralOptions = Readonly<z.infer<z.ZodObject<typeof neuralFields, z.core.$strict>>>
