import { z } from 'zod'
import type { Problem } from '../../contract/errors.ts'
import type { OptionsOf } from '../component.ts'
import { component } from '../component.ts'
import { boolean, choice, custom, group, int, list } from '../field.ts'
import { freezeFields, hookFields } from './hook-fields.ts'
import { publishedFields, publishedProblems } from './published-fields.ts'
import {
  checkpointFields,
  optimizerApplies,
  optimizerFields,
  stoppingApplies,
  stoppingFields,
} from './optimizer-fields.ts'
import { groupProblems, scheduleProblems } from './schedule-problems.ts'
import type { AnyLossName } from '../names.ts'
import { TASK_NAMES } from '../names.ts'
import { isOwnLoss, lossFields, ownPartProblems } from './loss-fields.ts'

const fields = {
  ...lossFields,
  to_monitor: list(z.enum(TASK_NAMES), {
    default: ['img_classification'],
    label: 'Monitor',
    help: 'Tasks that must all improve; the first one gives the score of the run.',
    group: 'Tasks',
  }),
  loss_weighing: boolean({
    default: false,
    label: 'Learned loss weights',
    help: 'Learns one likelihood weight per task; a Poisson loss becomes a negative binomial one.',
    group: 'Tasks',
  }),
  scale_loss: boolean({
    default: false,
    label: 'Scale neural loss',
    help: 'Multiplies the neural loss by sqrt(set size / batch size) and adds the readout regulariser.',
    group: 'Tasks',
  }),
  regularize: choice(['with_scale', 'always', 'never'], {
    default: 'with_scale',
    label: 'Regulariser',
    help: 'When the readout regulariser is added: only together with scaling (as published), always, or never.',
    group: 'Tasks',
  }),
  avg_loss: boolean({
    default: false,
    label: 'Average Poisson loss',
    help: 'Mean instead of sum over batch and neurons.',
    group: 'Tasks',
    advanced: true,
  }),
  loss_sum: boolean({
    default: false,
    label: 'Sum losses',
    help: 'Sum instead of mean for the other losses.',
    group: 'Tasks',
    advanced: true,
  }),
  return_classification_subset: int({
    default: -1,
    min: -1,
    label: 'Keep classes',
    help: 'Keep only the first n logits; -1: all.',
    group: 'Tasks',
    advanced: true,
  }),
  mtl: boolean({
    default: true,
    label: 'Multi-task model',
    help: 'Read for compatibility; every model here is told which task and session it answers.',
    group: 'Tasks',
    advanced: true,
    effect: 'none',
  }),
  train_cycler: choice(['LongCycler', 'ShortCycler', 'MTL_Cycler'], {
    default: 'LongCycler',
    label: 'Cycler',
    help: 'Order in which tasks and sessions supply batches.',
    group: 'Tasks',
  }),
  train_cycler_args: group(
    {
      grad_accum_step: int({
        default: 0,
        min: 0,
        unit: 'batches',
        label: 'Batches per step',
        help: 'Long and short cycler: batches per optimizer step; 0: one per session.',
      }),
      main_key: choice(TASK_NAMES, {
        default: 'img_classification',
        label: 'Main task',
        help: 'Multi-task cycler: the task that sets the length of an epoch and triggers the step.',
      }),
      ratio: custom(z.union([z.number().min(0), z.record(z.string(), z.number().min(0))]), {
        default: { '1': 1 },
        label: 'Ratio',
        help: 'Neural batches per classification batch; a map from first epoch to ratio makes a schedule.',
      }),
      legacy_ratio: boolean({
        default: false,
        label: 'Published ratio rule',
        help: 'Fractions as in the published code, where some never give neural batches.',
        advanced: true,
      }),
    },
    { label: 'Cycler options', help: 'Arguments of the cycler.', group: 'Tasks' },
  ),
  scheduler_options: group(
    {
      mtl: boolean({
        default: false,
        label: 'Drop at round ends',
        help: 'Adaptive: drop when a patience round ends instead of watching the score itself.',
      }),
      milestones: list(z.number().int().min(1), {
        default: [],
        label: 'Milestones',
        help: 'Manual: evaluations after which the rate drops.',
      }),
    },
    { label: 'Scheduler options', help: 'Arguments of the scheduler.', group: 'Schedule' },
  ),
  ...optimizerFields,
  ...stoppingFields,
  add_final_train_eval: boolean({
    default: true,
    label: 'Evaluate training set',
    help: 'Final scores on the training set.',
    group: 'Final evaluation',
  }),
  add_final_val_eval: boolean({
    default: true,
    label: 'Evaluate validation set',
    help: 'Final scores on the validation set.',
    group: 'Final evaluation',
  }),
  add_final_test_eval: boolean({
    default: true,
    label: 'Evaluate test set',
    help: 'Final scores on the test set.',
    group: 'Final evaluation',
  }),
  ...hookFields,
  ...freezeFields,
  ...checkpointFields,
  ...publishedFields,
  show_epoch_progress: boolean({
    default: false,
    label: 'Epoch progress only',
    help: 'Shows whole epochs only.',
    group: 'Other',
    advanced: true,
    identity: false,
  }),
  force_cpu: boolean({
    default: false,
    label: 'Never use a GPU',
    help: 'Runs on the processor.',
    group: 'Other',
    advanced: true,
    identity: false,
  }),
  verbose: boolean({
    default: false,
    label: 'Verbose',
    help: 'Logs each decision of the scheduler.',
    group: 'Other',
    advanced: true,
    identity: false,
  }),
}

type CotrainerOptions = OptionsOf<typeof fields>

/** Published rule: scaling (and with it the regulariser) is on for several losses or without classification. */
const severalOrNeural = (config: CotrainerOptions): boolean => {
  const losses = config.loss_functions
  return Object.keys(losses).length > 1 || !('img_classification' in losses)
}

const lossNames = (config: CotrainerOptions): readonly AnyLossName[] => Object.values(config.loss_functions)
const learnsResponses = (config: CotrainerOptions): boolean =>
  Object.keys(config.loss_functions).some((task) => task !== 'img_classification')
const classifies = (config: CotrainerOptions): boolean => 'img_classification' in config.loss_functions
const isInterleaved = (config: CotrainerOptions): boolean => config.train_cycler === 'MTL_Cycler'
/** Losses that are summed unless averaged. */
const LIKELIHOODS: readonly string[] = ['PoissonLoss', 'GaussianLoss', 'GammaLoss', 'ZIGLoss', 'ZILLoss']
const isLikelihood = (name: string): boolean => LIKELIHOODS.includes(name)
/** With a learned weight the Poisson loss becomes a negative binomial one, which `loss_sum` sums. */
const isWeighedPoisson = (config: CotrainerOptions, name: string): boolean =>
  name === 'PoissonLoss' && config.loss_weighing === true

/** Pruning needs all its rounds; the published override of max_iter never took effect. */
const pruningEpochs = (config: CotrainerOptions): number => {
  const { lottery_ticket: lottery, max_iter } = config
  return lottery === null ? max_iter : lottery.rounds * lottery.round_length
}

/** Rounding of shares such as ten times 0.1. */
const SHARE_ROUNDING = 1e-5

function noiseProblems(config: CotrainerOptions): readonly { path: string; message: string; hint: string }[] {
  const { noise_augmentation: noise } = config
  if (noise === null) return []
  const levels = [...Object.keys(noise.noise_std), ...Object.keys(noise.noise_snr)]
  const shares = [noise.noise_std, noise.noise_snr].map((given) =>
    Object.values(given).reduce((sum, share) => sum + share, 0),
  )
  const path = 'noise_augmentation'
  const both = Object.keys(noise.noise_std).length > 0 && Object.keys(noise.noise_snr).length > 0
  return [
    ...(levels.length === 0
      ? [{ path, message: 'no noise level is given.', hint: 'Add noise_std, for example {0.08: 0.5}.' }]
      : []),
    ...(both
      ? [{ path, message: 'noise_std and noise_snr cannot both be given.', hint: 'Remove one of them.' }]
      : []),
    ...(shares.some((share) => share > 1 + SHARE_ROUNDING)
      ? [{ path, message: 'the fractions sum to more than 1.', hint: 'Lower them; the rest stays clean.' }]
      : []),
    ...levels
      .filter((level) => !Number.isFinite(Number(level)))
      .map((level) => ({ path, message: `"${level}" is no noise level.`, hint: 'Write numbers as keys.' })),
  ]
}

function check(config: CotrainerOptions): readonly Problem[] {
  const problems: Problem[] = []
  const losses = config.loss_functions
  const add = (path: string, message: string, hint: string): void => {
    problems.push({ code: 'config-invalid', path, message, hint })
  }
  for (const [task, loss] of Object.entries(losses)) {
    if (!TASK_NAMES.some((name) => name === task)) {
      add(`loss_functions.${task}`, 'unknown task.', `Tasks are ${TASK_NAMES.join(', ')}.`)
    } else if (!isOwnLoss(loss) && (task === 'img_classification') !== (loss === 'CrossEntropyLoss')) {
      add(
        `loss_functions.${task}`,
        `${loss} does not fit this task.`,
        'Cross entropy is for classification, the others for responses.',
      )
    }
  }
  if (Object.keys(losses).length === 0)
    add('loss_functions', 'there is no task to train.', 'Name at least one task and its loss.')
  const monitored = config.to_monitor
  if (monitored.length === 0)
    add('to_monitor', 'there is nothing to monitor.', 'Name a task of loss_functions.')
  for (const task of monitored) {
    if (!(task in losses))
      add('to_monitor', `"${task}" has no loss.`, `Choose among ${Object.keys(losses).join(', ')}.`)
  }
  const optimizer = config.optimizer_options
  if (optimizer.nesterov && optimizer.dampening !== 0) {
    add('optimizer_options.nesterov', 'Nesterov needs no dampening.', 'Set dampening to 0.')
  }
  for (const { path, message, hint } of noiseProblems(config)) add(path, message, hint)
  return [
    ...problems,
    ...scheduleProblems(config),
    ...groupProblems(config),
    ...publishedProblems(config),
    ...ownPartProblems(config),
  ]
}

/** The trainer of neural_cotraining (CoTrainerConfig): any mix of classification and response prediction. */
export const cotrainer = component({
  kind: 'trainer',
  fn: 'cotrainer',
  version: 1,
  title: 'Co-trainer',
  help: 'Trains classification, V1 and V4 readouts alone or together, with early stopping.',
  fields,
  tasks: (c) => Object.keys(c.loss_functions),
  derive: { scale_loss: severalOrNeural, max_iter: pruningEpochs },
  applies: {
    ...optimizerApplies,
    ...stoppingApplies,
    scale_loss: learnsResponses,
    regularize: learnsResponses,
    avg_loss: (c) => lossNames(c).some((name) => isLikelihood(name) && !isWeighedPoisson(c, name)),
    loss_sum: (c) => lossNames(c).some((name) => !isLikelihood(name) || isWeighedPoisson(c, name)),
    return_classification_subset: classifies,
    noise_augmentation: classifies,
    'train_cycler_args.grad_accum_step': (c) => !isInterleaved(c),
    'train_cycler_args.main_key': isInterleaved,
    'train_cycler_args.ratio': (c) => isInterleaved(c) && lossNames(c).length > 1,
    'train_cycler_args.legacy_ratio': (c) => isInterleaved(c) && lossNames(c).length > 1,
    // Every epoch begins with its first batch, before which the readout starts anew anyway.
    'reset_linear_frequency.epoch': (c) => c.reset_linear_frequency?.batch === null,
    readout_name: (c) =>
      c.freeze.freeze.some((word) => word === 'core' || word === 'readout') ||
      c.reset_linear_frequency !== null ||
      c.lottery_ticket !== null,
  },
  check,
})
