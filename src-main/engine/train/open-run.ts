import type { Divergence } from '../../../src-shared/contract/run-end.ts'
import type { Criterion } from '../eval/validate.ts'
import type { Network } from '../eval/network.ts'
import type { NamedArrays, TaskName, TrainerEvent, TrainerSetup } from '../types.ts'
import type { NormMemory } from './epoch/divergence.ts'
import { normMemory } from './epoch/divergence.ts'
import { validationView } from './epoch/validation-view.ts'
import type { Hook } from './hooks/hook.ts'
import type { TaskObjective } from './rules/objective.ts'
import { taskObjectives } from './rules/objective.ts'
import type { TrainingRules } from './rules/rules.ts'
import type { StopEvent } from './schedule/early-stopping.ts'
import { advanceStop, initialStop, reconsider } from './schedule/early-stopping.ts'
import type { ProgressClock } from './state/progress-clock.ts'
import { progressClock } from './state/progress-clock.ts'
import type { RunPosition } from './state/run-checkpoint.ts'
import { restoreRun, saveRun } from './state/run-checkpoint.ts'
import type { TrainingState } from './state/training-state.ts'

export type Steps<T> = AsyncGenerator<TrainerEvent, T>

/** A running training: what it works with, and below that everything of it that changes besides the weights. */
export interface OpenRun {
  readonly setup: TrainerSetup
  readonly rules: TrainingRules
  readonly state: TrainingState
  readonly hooks: readonly Hook[]
  /** Weights to keep in every checkpoint; null where no module looks back at them. */
  readonly keep: NamedArrays | null
  readonly objectives: ReadonlyMap<TaskName, TaskObjective>
  readonly criteria: ReadonlyMap<TaskName, Criterion>
  readonly network: Network
  /** The network as validation sees it: hooks may change its images. */
  readonly validated: Network
  readonly clock: ProgressClock
  readonly norms: NormMemory
  position: RunPosition
  /** Best weights so far; null while there are none. */
  best: NamedArrays | null
  /** Saves that were not of best weights and not the last; only some of them are written. */
  saves: number
  /** Whether the last checkpoint is of this very moment. */
  isSaved: boolean
  divergence: Divergence | null
}

/** A run before its first step. */
export function openRun(given: Pick<OpenRun, 'setup' | 'rules' | 'state' | 'hooks' | 'keep'>): OpenRun {
  const { setup, rules, state, hooks } = given
  const objectives = taskObjectives(rules)
  const network: Network = { model: setup.model, params: state.store.tensors, replayer: state.replayer }
  const view = validationView(hooks, state.rng.fork('validation-noise'))
  return {
    ...given,
    objectives,
    criteria: new Map([...objectives].map(([task, { criterion }]) => [task, criterion])),
    network,
    validated: view === null ? network : { ...network, view },
    clock: progressClock(setup, rules.stop.maxEpochs),
    norms: normMemory(),
    position: firstPosition(rules, state),
    best: null,
    saves: 0,
    isSaved: false,
    divergence: null,
  }
}

/** Puts a run back to where a checkpoint of it was taken. */
export async function* resumeRun(run: OpenRun, saved: NonNullable<TrainerSetup['checkpoint']>): Steps<void> {
  const { state, rules, clock } = run
  const back = restoreRun(state, saved)
  run.position = decidedAnew(rules, back.position)
  run.best = back.best ?? (run.position.stop.best === null ? null : await state.store.read(state.modelNames))
  clock.startFrom(run.position.seconds)
  run.isSaved = true
  yield markOf(run, 'resume', `goes on after step ${run.position.step}`)
}

/** Saves this moment. */
export async function checkpoint(run: OpenRun, isBest: boolean): Promise<TrainerEvent> {
  const { state, position, keep } = run
  position.seconds = run.clock.seconds()
  const saved = await saveRun(state, position, { best: isBest ? null : run.best, start: keep })
  run.isSaved = true
  return {
    kind: 'checkpoint',
    checkpoint: saved,
    epoch: position.epoch,
    score: position.stop.best?.score ?? NaN,
    best: isBest,
  }
}

/** Tells early stopping what happened; its answer is what is to be done next. */
export function report({ rules, position }: OpenRun, event: StopEvent): void {
  const [stop, queue] = advanceStop(rules.stop, position.stop, event)
  position.stop = stop
  position.queue = queue
}

/** The step and epoch that a run has come to. */
export const whereOf = ({ position }: OpenRun) => ({ step: position.step, epoch: position.epoch })

/** Values at the step that a run has come to, as an event. */
export const metricsOf = (run: OpenRun, values: Record<string, number>): TrainerEvent => ({
  kind: 'metrics',
  ...whereOf(run),
  images: run.position.images,
  values,
})

/** A mark at the step that a run has come to, as an event. */
export const markOf = (
  run: OpenRun,
  mark: Extract<TrainerEvent, { kind: 'mark' }>['mark'],
  text: string,
): TrainerEvent => ({ kind: 'mark', mark, ...whereOf(run), text })

/** Whether a person wants the work to end before its next piece. */
export const isAskedNow = ({ setup }: OpenRun): boolean => setup.stopRequest() === 'now'

function firstPosition(rules: TrainingRules, state: TrainingState): RunPosition {
  const { rates } = state.optimizer
  const [stop, queue] = advanceStop(rules.stop, initialStop(rules.stop, rates), { kind: 'started' })
  return { epoch: 0, step: 0, images: 0, seconds: 0, stop, queue, batchesDone: 0, tally: {}, rates }
}

/** A run that goes on under other rules of stopping decides anew what follows its last evaluation. */
function decidedAnew(rules: TrainingRules, position: RunPosition): RunPosition {
  const isBetween = position.batchesDone === 0 && position.stop.crossroads?.epoch === position.epoch
  if (!isBetween) return position
  const [stop, queue] = reconsider(rules.stop, position.stop)
  return { ...position, stop, queue }
}
