import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { SchedulerSpec } from './scheduler.ts'

/** When the learning rate moves: at every evaluation, or at the end of each patience round. */
type SchedulerTiming = 'evaluation' | 'round'

/** Rules of early stopping, independent of how a trainer names its options. */
export interface StopConfig {
  /** Tasks that must all improve; the first one gives the score of a checkpoint. */
  readonly monitor: readonly string[]
  /** `max` for accuracy and correlation, `min` for losses. */
  readonly mode: 'max' | 'min'
  /** Absolute margin by which every monitored value must improve. */
  readonly threshold: number
  readonly patience: number
  /** Epochs between evaluations. */
  readonly interval: number
  readonly maxEpochs: number
  /** Patience rounds; between two of them the rate may drop and the best weights return. */
  readonly rounds: number
  readonly restoreBest: boolean
  readonly scheduler: SchedulerSpec
  readonly timing: SchedulerTiming
  /** Epochs over which the learning rate rises linearly; 0 = none. */
  readonly warmUpEpochs: number
  /** Epochs after which the best weights return at once. */
  readonly restoreEpochs: readonly number[]
  readonly flavour: StopFlavour
}

/**
 * Where the two published loops differ. The co-trainer counts patience from -1 (a round ends after patience + 1
 * failures), takes the best score for the best checkpoint and shows the untrained score to the plateau scheduler. The
 * loop of neuralpredictors counts from 0 and keeps the weights of the last improvement, the untrained ones included.
 */
interface StopFlavour {
  readonly firstCount: -1 | 0
  readonly best: 'score' | 'improvement'
  readonly schedulerSeesStart: boolean
}

const CO_TRAINER: StopFlavour = { firstCount: -1, best: 'score', schedulerSeesStart: true }
const NEURALPREDICTORS: StopFlavour = { firstCount: 0, best: 'improvement', schedulerSeesStart: false }

/** The early-stopping options of CoTrainerConfig under their published names. */
export interface CoTrainerStopOptions {
  readonly scheduler: string
  readonly scheduler_options: { readonly mtl?: boolean; readonly milestones?: readonly number[] }
  readonly lr_decay: number
  readonly lr_decay_steps: number
  readonly lr_warmup?: number
  readonly patience: number
  readonly threshold: number
  readonly threshold_mode: 'rel' | 'abs'
  readonly min_lr: number
  readonly to_monitor: readonly string[]
  readonly maximize: boolean
  readonly interval: number
  readonly max_iter: number
  readonly restore_best: boolean
}

const invalid = (field: string, message: string, hint: string): CotrainError =>
  new CotrainError({ code: 'config-invalid', path: `trainer.${field}`, message, hint })

function schedulerOf(options: CoTrainerStopOptions): { scheduler: SchedulerSpec; timing: SchedulerTiming } {
  const { scheduler: name, scheduler_options: given, lr_decay: factor } = options
  if (name === '') return { scheduler: { kind: 'none' }, timing: 'evaluation' }
  if (name === 'manual') {
    if (given.milestones === undefined) {
      throw invalid(
        'scheduler_options',
        'the manual scheduler needs milestones.',
        'Add milestones, for example [30, 60].',
      )
    }
    return { scheduler: { kind: 'multi-step', milestones: given.milestones, factor }, timing: 'evaluation' }
  }
  if (name !== 'adaptive') {
    throw invalid('scheduler', `there is no scheduler "${name}".`, 'Use "", "adaptive" or "manual".')
  }
  if (given.mtl === undefined) {
    throw invalid(
      'scheduler_options',
      'the adaptive scheduler needs mtl.',
      'Set mtl: true to decay at the end of each patience round only.',
    )
  }
  if (given.mtl) return { scheduler: { kind: 'step', stepSize: 1, factor }, timing: 'round' }
  return { scheduler: plateauOf(options), timing: 'evaluation' }
}

const plateauOf = (options: CoTrainerStopOptions): SchedulerSpec => ({
  kind: 'plateau',
  mode: options.maximize ? 'max' : 'min',
  factor: options.lr_decay,
  patience: options.patience,
  threshold: options.threshold,
  thresholdMode: options.threshold_mode,
  minRate: options.min_lr,
})

/** Rules of the co-trainer. @throws CotrainError naming the option that is missing or impossible. */
export function coTrainerStop(options: CoTrainerStopOptions): StopConfig {
  if (options.to_monitor.length === 0) {
    throw invalid(
      'to_monitor',
      'no task is monitored.',
      'Name at least one task, for example [img_classification].',
    )
  }
  if (!(options.interval >= 1))
    throw invalid(
      'interval',
      `expected at least 1, got ${options.interval}.`,
      'Use 1 to evaluate every epoch.',
    )
  const { scheduler, timing } = schedulerOf(options)
  return {
    monitor: options.to_monitor,
    mode: options.maximize ? 'max' : 'min',
    threshold: options.threshold,
    patience: options.patience,
    interval: options.interval,
    maxEpochs: options.max_iter,
    rounds: options.lr_decay_steps,
    restoreBest: options.restore_best,
    scheduler,
    timing,
    warmUpEpochs: options.lr_warmup ?? 0,
    restoreEpochs: scheduler.kind === 'multi-step' ? scheduler.milestones : [],
    flavour: CO_TRAINER,
  }
}

/** Options of nnvision's single-task trainer that steer early stopping, under their published names. */
export interface NnvisionStopOptions {
  readonly patience: number
  readonly tolerance: number
  readonly interval: number
  readonly max_iter: number
  readonly maximize: boolean
  readonly restore_best: boolean
  readonly lr_decay_steps: number
  readonly lr_decay_factor: number
  readonly min_lr: number
}

/** Rules of nnvision's trainer: neuralpredictors' loop with a plateau scheduler whose margin is absolute. */
export function nnvisionStop(options: NnvisionStopOptions, task: string, warmUpEpochs = 0): StopConfig {
  const mode = options.maximize ? 'max' : 'min'
  return {
    monitor: [task],
    mode,
    threshold: options.tolerance,
    patience: options.patience,
    interval: options.interval,
    maxEpochs: options.max_iter,
    rounds: options.lr_decay_steps,
    restoreBest: options.restore_best,
    scheduler: {
      kind: 'plateau',
      mode,
      factor: options.lr_decay_factor,
      patience: options.patience,
      threshold: options.tolerance,
      thresholdMode: 'abs',
      minRate: options.min_lr,
    },
    timing: 'evaluation',
    warmUpEpochs,
    restoreEpochs: [],
    flavour: NEURALPREDICTORS,
  }
}
