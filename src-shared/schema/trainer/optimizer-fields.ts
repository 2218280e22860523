import { z } from 'zod'
import type { OptionsOf } from '../component.ts'
import { boolean, choice, custom, group, int, list, nullable, number, record } from '../field.ts'

const BETAS_DEFAULT: [number, number] = [0.9, 0.999]

/** Per-group options: every one may be left to the default group. */
const groupOptions = z.strictObject({
  params: z.array(z.unknown()).max(0).optional(),
  lr: z.number().gt(0).optional(),
  weight_decay: z.number().min(0).optional(),
  momentum: z.number().min(0).optional(),
  betas: z.tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)]).optional(),
  eps: z.number().gt(0).optional(),
})

/** torch.optim's optimizer and its arguments. */
export const optimizerFields = {
  optimizer: choice(['Adam', 'AdamW', 'SGD'], {
    default: 'Adam',
    label: 'Optimizer',
    help: 'Rule of the parameter update. Weight decay is part of the gradient in Adam and SGD, apart from it in AdamW.',
    group: 'Optimizer',
  }),
  optimizer_options: group(
    {
      lr: number({
        default: 3e-4,
        above: 0,
        scale: 'log',
        label: 'Learning rate',
        help: 'Step size at the start.',
      }),
      weight_decay: number({
        default: 5e-4,
        min: 0,
        scale: 'log',
        label: 'Weight decay',
        help: 'Shrinks every parameter that is trained, norms, biases, readout positions and loss weights included.',
      }),
      amsgrad: boolean({
        default: false,
        label: 'AMSGrad',
        help: 'Adam with the running maximum of the second moment.',
      }),
      betas: custom(z.tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)]), {
        default: BETAS_DEFAULT,
        label: 'Betas',
        help: 'Decay of the first and second moment (Adam).',
        advanced: true,
      }),
      eps: number({
        default: 1e-8,
        above: 0,
        scale: 'log',
        label: 'Epsilon',
        help: 'Added to the root in Adam.',
        advanced: true,
      }),
      momentum: number({
        default: 0,
        min: 0,
        max: 1,
        label: 'Momentum',
        help: 'SGD: share of the last update kept.',
      }),
      dampening: number({
        default: 0,
        min: 0,
        max: 1,
        label: 'Dampening',
        help: 'SGD: damps the new gradient.',
        advanced: true,
      }),
      nesterov: boolean({
        default: false,
        label: 'Nesterov',
        help: 'SGD: looks ahead along the momentum.',
        advanced: true,
      }),
    },
    { label: 'Optimizer options', help: 'Arguments of the optimizer.', group: 'Optimizer' },
  ),
  specific_opt_options: record(groupOptions, {
    default: {},
    label: 'Options per parameter group',
    help: 'Part of a parameter name -> options for the parameters that contain it; the first match wins.',
    group: 'Optimizer',
    advanced: true,
  }),
  missing_gradients: choice(['zero', 'skip'], {
    default: 'zero',
    label: 'Missing gradients',
    help: 'A parameter without a gradient in this step: still decays and keeps its momentum (as published), or is skipped.',
    group: 'Optimizer',
    advanced: true,
  }),
  grad_clip: nullable(z.number().gt(0), {
    label: 'Gradient clipping',
    help: 'Largest norm of the whole gradient; longer ones are scaled down.',
    group: 'Optimizer',
    advanced: true,
  }),
  precision: choice(['float32', 'tf32', 'bfloat16'], {
    default: 'float32',
    label: 'Precision',
    help: 'Number format of products: float32 with 24 significant bits; tf32 with 11, on NVIDIA cards from Ampere on; bfloat16 with 8, in convolutions alone. Shorter formats are faster where the hardware has them, and give slightly different results.',
    group: 'Optimizer',
    advanced: true,
  }),
  deterministic: boolean({
    default: false,
    label: 'Deterministic',
    help: 'Every repeat on the same machine is equal bit for bit, on a graphics card too: TensorFlow and cuDNN take slower ways that do not vary. Refused where the proof of the engine found none.',
    group: 'Optimizer',
    advanced: true,
    identity: 'if-chosen',
  }),
}

/** Early stopping and the learning rate. */
export const stoppingFields = {
  scheduler: choice(['', 'adaptive', 'manual'], {
    default: '',
    label: 'Scheduler',
    help: 'How the learning rate drops: never, when the monitored score stalls, or at given epochs.',
    group: 'Schedule',
  }),
  lr_decay: number({
    default: 0.8,
    above: 0,
    max: 1,
    label: 'Decay factor',
    help: 'Multiplier of the learning rate at each drop.',
    group: 'Schedule',
  }),
  lr_decay_steps: int({
    default: 3,
    min: 1,
    label: 'Patience rounds',
    help: 'Rounds of patience before training ends.',
    group: 'Schedule',
  }),
  lr_warmup: int({
    default: 0,
    min: 0,
    unit: 'epochs',
    label: 'Warm-up',
    help: 'Epochs over which the learning rate rises to its value; 1 is as good as none.',
    group: 'Schedule',
    identity: (epochs) => (epochs === 1 ? 0 : epochs),
  }),
  patience: int({
    default: 10,
    min: 0,
    unit: 'evaluations',
    label: 'Patience',
    help: 'Evaluations without improvement before a round ends (it ends after one more).',
    group: 'Schedule',
  }),
  threshold: number({
    default: 1e-4,
    min: 0,
    scale: 'log',
    label: 'Threshold',
    help: 'Least improvement that counts.',
    group: 'Schedule',
  }),
  threshold_mode: choice(['rel', 'abs'], {
    default: 'rel',
    label: 'Threshold mode',
    help: 'Whether the plateau scheduler takes the threshold as a share of the best score or as it is.',
    group: 'Schedule',
    advanced: true,
  }),
  min_lr: number({
    default: 1e-4,
    min: 0,
    scale: 'log',
    label: 'Least learning rate',
    help: 'Floor of the plateau scheduler.',
    group: 'Schedule',
  }),
  interval: int({
    default: 1,
    min: 1,
    unit: 'epochs',
    label: 'Interval',
    help: 'Epochs between evaluations.',
    group: 'Schedule',
  }),
  max_iter: int({
    default: 100,
    min: 0,
    unit: 'epochs',
    label: 'Most epochs',
    help: 'Epochs at which training ends at the latest.',
    group: 'Schedule',
  }),
  maximize: boolean({
    default: true,
    label: 'Higher is better',
    help: 'Monitors accuracy and correlation; off: monitors the validation loss.',
    group: 'Schedule',
    advanced: true,
  }),
  restore_best: boolean({
    default: true,
    label: 'Restore best',
    help: 'Go back to the best weights at each drop and at the end.',
    group: 'Schedule',
  }),
  reset_optimizer_on_restore: boolean({
    default: false,
    label: 'Reset optimizer on restore',
    help: 'Forget momentum when the best weights return; published runs keep it.',
    group: 'Schedule',
    advanced: true,
  }),
}

type OptimizerConfig = Pick<OptionsOf<typeof optimizerFields>, 'optimizer' | 'optimizer_options'>
/** The options of stopping, and of its scheduler where the trainer has any. */
type StoppingConfig = OptionsOf<typeof stoppingFields> & {
  readonly scheduler_options: { readonly mtl: boolean }
}
const isSgd = (c: OptimizerConfig): boolean => c.optimizer === 'SGD'
const isAdam = (c: OptimizerConfig): boolean => !isSgd(c)
const hasMomentum = (c: OptimizerConfig): boolean => isSgd(c) && c.optimizer_options.momentum > 0

const isManual = (c: StoppingConfig): boolean => c.scheduler === 'manual'
const isAdaptive = (c: StoppingConfig): boolean => c.scheduler === 'adaptive'
const atRoundEnds = (c: StoppingConfig): boolean => isAdaptive(c) && c.scheduler_options.mtl
const onPlateaus = (c: StoppingConfig): boolean => isAdaptive(c) && !atRoundEnds(c)
/** Patience rounds but the last end with a drop of the rate and the best weights. */
const hasRounds = (c: StoppingConfig): boolean => c.lr_decay_steps > 1

/** Which of the options above have a meaning. */
export const optimizerApplies = {
  'optimizer_options.amsgrad': isAdam,
  'optimizer_options.betas': isAdam,
  'optimizer_options.eps': isAdam,
  'optimizer_options.momentum': isSgd,
  'optimizer_options.dampening': hasMomentum,
  'optimizer_options.nesterov': hasMomentum,
}
export const stoppingApplies = {
  scheduler_options: (c: StoppingConfig) => c.scheduler !== '',
  'scheduler_options.mtl': isAdaptive,
  'scheduler_options.milestones': isManual,
  lr_decay: (c: StoppingConfig) => isManual(c) || onPlateaus(c) || (atRoundEnds(c) && hasRounds(c)),
  min_lr: onPlateaus,
  threshold_mode: onPlateaus,
  reset_optimizer_on_restore: (c: StoppingConfig) => c.restore_best === true && (hasRounds(c) || isManual(c)),
}

/** How many checkpoints stay on disk; does not change the result. */
export const checkpointFields = {
  allow_untrained: boolean({
    default: false,
    label: 'Allow untrained readouts',
    help: 'Trains although a task or session gets no batch in any epoch; its scores are marked as untrained.',
    group: 'Other',
    advanced: true,
    identity: false,
  }),
  chkpt_options: group(
    {
      save_every_n: int({
        default: 1,
        min: 1,
        unit: 'evaluations',
        label: 'Save every',
        help: 'Evaluations between checkpoints.',
      }),
      keep_best_n: int({ default: 1, min: 1, label: 'Keep best', help: 'Best checkpoints kept.' }),
      keep_last_n: int({ default: 2, min: 1, label: 'Keep last', help: 'Newest checkpoints kept.' }),
      keep_every_n: int({
        default: 0,
        min: 0,
        unit: 'epochs',
        label: 'Keep every',
        help: 'Keeps the checkpoint of every n-th epoch, to rewind to; 1: all; 0: none beside the best and the newest.',
      }),
      keep_selection: list(z.unknown(), {
        default: [],
        label: 'Keep selection',
        help: 'Read for compatibility; has no effect.',
        effect: 'none',
      }),
    },
    {
      label: 'Checkpoints',
      help: 'Which checkpoints stay on disk.',
      group: 'Checkpoints',
      advanced: true,
      identity: false,
    },
  ),
}
