import { z } from 'zod'
import type { FieldMeta } from '../field.ts'
import {
  boolean,
  choice,
  custom,
  fieldMeta,
  group,
  int,
  list,
  nullable,
  number,
  record,
  text,
} from '../field.ts'

const HOOKS = 'Hooks'

/** Published configs write `{}` or `false` for a hook that is off. */
const read = (given: unknown): unknown =>
  given === false || (typeof given === 'object' && given !== null && Object.keys(given).length === 0)
    ? null
    : given

/** A hook with its options, off unless some are given. */
function hook<T extends z.ZodRawShape>(shape: T, meta: FieldMeta) {
  const schema = z.preprocess(read, z.strictObject(shape).nullable().default(null))
  fieldMeta.add(schema, { ...meta, group: HOOKS, advanced: true })
  return schema
}

/** One name stands for a list of one. */
const namesOf = (given: unknown): unknown => (typeof given === 'string' ? [given] : given)

/** Options of the hooks of the main loop, which the published packages call modules (nntransfer, neural_cotraining); each is off by default. */
export const hookFields = {
  representation_matching: hook(
    {
      representations: custom(z.preprocess(namesOf, z.array(z.string()).min(1)), {
        default: ['core'],
        label: 'Representations',
        help: 'Layers to match; "core" is the last shared layer.',
        aliases: ['representation'],
      }),
      criterion: choice(['cosine', 'mse'], {
        default: 'cosine',
        label: 'Criterion',
        help: 'Distance between the two views.',
      }),
      lambda: number({ default: 1, min: 0, label: 'Weight', help: 'Factor of the matching loss.' }),
      combine_losses: choice(['avg', 'lin', 'exp', 'learned_softmax', 'learned_normalized'], {
        default: 'avg',
        label: 'Layer weights',
        help: 'Weights over layers: equal, growing with depth, growing exponentially, or learned (softmax, or sizes over their sum).',
      }),
      second_noise_std: record(z.number().min(0).max(1), {
        default: {},
        label: 'Noise of the second view',
        help: 'Standard deviation -> probability, when the second view is made by adding noise to clean images.',
      }),
      only_for_clean: boolean({
        default: false,
        label: 'Only clean',
        help: 'Match images whose first view is clean.',
      }),
    },
    {
      label: 'Representation matching',
      help: 'Draws two views of an image together in representation space; at least one option turns it on.',
    },
  ),
  representation_monitor: hook(
    {
      representations: custom(z.preprocess(namesOf, z.array(z.string()).min(1)), {
        default: ['core'],
        label: 'Representations',
        help: 'Layers to watch; "core" is the last shared layer.',
      }),
    },
    {
      label: 'Representation monitor',
      help: 'Reports the Euclidean norm of an image in these layers, mean over layers.',
    },
  ),
  noise_augmentation: hook(
    {
      noise_std: record(z.number().min(0).max(1), {
        default: {},
        label: 'Noise levels',
        help: 'Standard deviation on [0, 1] images -> fraction of the batch.',
      }),
      noise_snr: record(z.number().min(0).max(1), {
        default: {},
        label: 'Signal-to-noise levels',
        help: 'Signal-to-noise ratio -> fraction of the batch.',
      }),
      apply_noise_to_validation: boolean({
        default: true,
        label: 'Noise in validation',
        help: 'Add the same mixture, fixed, when validating.',
      }),
    },
    {
      label: 'Noise augmentation',
      help: 'Adds noise to classification images after normalisation.',
    },
  ),
  reset_linear_frequency: hook(
    {
      epoch: nullable(z.number().int().min(1), {
        label: 'Epochs',
        help: 'Re-initialise before every n-th epoch.',
      }),
      batch: nullable(z.number().int().min(1), {
        label: 'Batches',
        help: 'Re-initialise before every n-th batch.',
      }),
    },
    {
      label: 'Readout reset',
      help: 'Re-initialises the linear readout again and again (experimental).',
    },
  ),
  rdm_prediction: hook(
    { lambda: number({ default: 1, min: 0, label: 'Weight', help: 'Factor of the loss.' }) },
    {
      label: 'RDM prediction',
      help: 'Matches the similarity structure of the core to that of the network the run starts from (experimental).',
    },
  ),
  lottery_ticket: hook(
    {
      rounds: int({ default: 1, min: 1, label: 'Rounds', help: 'Pruning rounds.' }),
      round_length: int({
        default: 100,
        min: 1,
        unit: 'epochs',
        label: 'Round length',
        help: 'Epochs between prunings.',
      }),
      percent_to_prune: number({
        default: 80,
        min: 0,
        max: 100,
        unit: '%',
        label: 'Pruned share',
        help: 'Share of the weights removed after all rounds.',
      }),
      pruning: boolean({ default: true, label: 'Prune', help: 'Off: only rewinds.' }),
      reinit: boolean({
        default: false,
        label: 'New initial values',
        help: 'Survivors restart from new instead of their initial values.',
      }),
      global_pruning: boolean({
        default: false,
        label: 'Global',
        help: 'One threshold for all tensors instead of one each.',
      }),
    },
    {
      label: 'Lottery ticket pruning',
      help: 'Iterative magnitude pruning with rewinding (experimental).',
    },
  ),
}

const FREEZE = 'Freeze and reset'

export const freezeFields = {
  freeze: group(
    {
      freeze: list(z.string(), {
        default: [],
        label: 'Freeze',
        help: '"core", "readout", names of tasks (v1, v4) for the shared blocks, or parts of parameter names.',
      }),
      reset: list(z.string(), {
        default: [],
        label: 'Reset',
        help: '"all" or names of layers to re-initialise before training.',
      }),
    },
    {
      label: 'Freeze',
      help: 'Parameters that are not trained, and layers that start anew.',
      group: FREEZE,
      advanced: true,
    },
  ),
  freeze_bn: group(
    {
      last_layer: int({
        default: -1,
        min: -1,
        label: 'Last layer',
        help: 'Batch norms below this index of their block use running statistics while training; -1: none.',
      }),
      mtl: boolean({
        default: true,
        label: 'Per block',
        help: 'Read for compatibility: shared networks are counted inside their v1 and v4 blocks, others in their feature stack.',
        effect: 'none',
      }),
    },
    {
      label: 'Freeze batch norm',
      help: 'Keeps the statistics of early batch norms.',
      group: FREEZE,
      advanced: true,
    },
  ),
  readout_name: text({
    default: 'readout',
    label: 'Readout name',
    help: 'Part of the name that marks readout parameters.',
    group: FREEZE,
    advanced: true,
    effect: 'carried',
  }),
}
