import { boolean, choice, int, number, nullable } from '../field.ts'
import { component } from '../component.ts'
import { z } from 'zod'
import { publishedFields } from './published-fields.ts'
import { scheduleProblems } from './schedule-problems.ts'
import { checkpointFields, stoppingFields } from './optimizer-fields.ts'

/** nnvision's trainer of stand-alone V1/V4 models: the same engine with other rules (Adam without decay, regulariser always added). */
export const nnvisionTrainer = component({
  kind: 'trainer',
  fn: 'nnvision_trainer',
  version: 1,
  title: 'Single-task neural trainer',
  help: 'Trains a response model alone, as nnvision does.',
  fields: {
    loss_function: choice(['PoissonLoss', 'MSELoss'], {
      default: 'PoissonLoss',
      label: 'Loss',
      help: 'Loss of the responses.',
      group: 'Loss',
    }),
    avg_loss: boolean({
      default: false,
      label: 'Average loss',
      help: 'Mean instead of sum over batch and neurons.',
      group: 'Loss',
    }),
    scale_loss: boolean({
      default: true,
      label: 'Scale loss',
      help: 'Multiplies the loss by sqrt(set size / batch size).',
      group: 'Loss',
    }),
    loss_accum_batch_n: nullable(z.number().int().min(1), {
      label: 'Batches per step',
      help: 'Batches per optimizer step; empty: one per session.',
      group: 'Loss',
    }),
    lr_init: number({
      default: 0.005,
      above: 0,
      scale: 'log',
      label: 'Learning rate',
      help: 'Step size at the start (Adam).',
      group: 'Schedule',
    }),
    max_iter: stoppingFields.max_iter,
    interval: stoppingFields.interval,
    patience: int({
      default: 5,
      min: 0,
      unit: 'evaluations',
      label: 'Patience',
      help: 'Evaluations without improvement before a round ends.',
      group: 'Schedule',
    }),
    tolerance: number({
      default: 1e-6,
      min: 0,
      scale: 'log',
      label: 'Tolerance',
      help: 'Least improvement that counts.',
      group: 'Schedule',
    }),
    maximize: boolean({
      default: true,
      label: 'Higher is better',
      help: 'Monitors correlation; off: monitors the loss.',
      group: 'Schedule',
      advanced: true,
    }),
    restore_best: stoppingFields.restore_best,
    lr_decay_steps: stoppingFields.lr_decay_steps,
    lr_decay_factor: number({
      default: 0.3,
      above: 0,
      max: 1,
      label: 'Decay factor',
      help: 'Multiplier of the learning rate at each drop.',
      group: 'Schedule',
    }),
    min_lr: number({
      default: 1e-4,
      min: 0,
      scale: 'log',
      label: 'Least learning rate',
      help: 'Floor of the learning rate.',
      group: 'Schedule',
    }),
    epoch: publishedFields.epoch,
    track_training: publishedFields.track_training,
    return_test_score: boolean({
      default: false,
      label: 'Return test score',
      help: 'Read for compatibility; every score is kept.',
      group: 'Compatibility',
      advanced: true,
      identity: false,
      effect: 'none',
    }),
    ...checkpointFields,
  },
  check: scheduleProblems,
})
