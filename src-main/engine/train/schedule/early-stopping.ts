import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { wordOf } from '../../../../src-shared/schema/words.ts'
import { initialScheduler, stepScheduler, warmUpFactor, type SchedulerState } from './scheduler.ts'
import type { StopConfig } from './stop-config.ts'

/**
 * Early stopping of the co-trainer (neural_cotraining) and of neuralpredictors as one pure state machine: the trainer
 * reports what happened, the machine answers with the next state and an ordered list of things to do. Every list ends
 * with `evaluate`, `train` or `stop`.
 */
export type StopEvent =
  | { readonly kind: 'started' }
  /** Values of all validation tasks; lower is better when the mode is `min`. */
  | { readonly kind: 'evaluated'; readonly objective: Readonly<Record<string, number>> }
  /** An epoch is over; a training loss that is not finite ends the run. */
  | { readonly kind: 'trained'; readonly loss?: number }

type StopReason = 'rounds' | 'epochs' | 'non-finite'

export type StopDecision =
  | { readonly do: 'evaluate' }
  /** Train this epoch at these rates (one per parameter group, warm-up included). */
  | { readonly do: 'train'; readonly epoch: number; readonly rates: readonly number[] }
  /** The schedule moved: rates from now on, for the log. `train` repeats what counts. */
  | { readonly do: 'learning-rate'; readonly rates: readonly number[] }
  /** Value for the log: on improvement the counter before its reset. */
  | { readonly do: 'patience'; readonly value: number; readonly improved: boolean }
  /** Save weights and the machine's next state; `best`: these weights are now the ones to restore. */
  | {
      readonly do: 'save'
      readonly epoch: number
      readonly score: number
      readonly patience: number
      readonly best: boolean
    }
  /** Load the best weights (optimizer, scheduler and loss weights stay). Epoch 0: nothing was saved yet, keep them. */
  | { readonly do: 'restore-best'; readonly epoch: number }
  | { readonly do: 'stop'; readonly reason: StopReason }

/** Everything early stopping remembers; plain JSON, part of a checkpoint. */
export interface StopState {
  readonly epoch: number
  readonly round: number
  readonly patienceCounter: number
  /** Epochs still to train before the next evaluation. */
  readonly epochsLeft: number
  /** Reference of the improvement rule: all values at the last improvement; null before the first evaluation. */
  readonly reference: Readonly<Record<string, number | null>> | null
  /** Epoch and score of the best checkpoint; null while none was saved. */
  readonly best: { readonly epoch: number; readonly score: number } | null
  readonly scheduler: SchedulerState
  readonly stopped: StopReason | null
  /** What follows the `save` (or all, where nothing is saved); a resumed run starts with these. */
  readonly pending: readonly StopDecision[]
  /** The last evaluation, from which it was decided how to go on; null before the first. */
  readonly crossroads: Crossroads | null
}

/** What the decision to go on or to stop was made from, so that it can be made anew under other rules. */
interface Crossroads {
  readonly epoch: number
  readonly round: number
  readonly patienceCounter: number
  readonly scheduler: SchedulerState
  readonly objective: Readonly<Record<string, number>>
  /** What was due whatever followed. */
  readonly due: readonly StopDecision[]
}

type Transition = readonly [StopState, readonly StopDecision[]]

/** State before the first evaluation. `from` continues a run of which only epoch and counter are known. */
export function initialStop(
  config: StopConfig,
  rates: readonly number[],
  from: { readonly epoch: number; readonly patienceCounter: number } | null = null,
): StopState {
  return {
    epoch: from?.epoch ?? 0,
    round: 0,
    patienceCounter: from?.patienceCounter ?? config.flavour.firstCount,
    epochsLeft: 0,
    reference: null,
    best: null,
    scheduler: initialScheduler(rates),
    stopped: null,
    pending: [],
    crossroads: null,
  }
}

/** The next state and what to do, in order. @throws CotrainError when a monitored task has no value. */
export function advanceStop(config: StopConfig, state: StopState, event: StopEvent): Transition {
  const [next, decisions] = react(config, state, event)
  const saved = decisions.findIndex((decision) => decision.do === 'save')
  return [{ ...next, pending: decisions.slice(saved + 1) }, decisions]
}

function react(config: StopConfig, state: StopState, event: StopEvent): Transition {
  if (state.stopped !== null) return [state, [{ do: 'stop', reason: state.stopped }]]
  switch (event.kind) {
    case 'started':
      return [state, [{ do: 'evaluate' }]]
    case 'trained':
      return afterEpoch(config, state, event.loss)
    case 'evaluated':
      return state.reference === null
        ? afterFirstEvaluation(config, state, event.objective)
        : afterEvaluation(config, state, event.objective)
  }
}

function afterEpoch(config: StopConfig, state: StopState, loss: number | undefined): Transition {
  if (loss !== undefined && !Number.isFinite(loss)) return finish(config, state, 'non-finite')
  if (state.epochsLeft === 0) return [state, [{ do: 'evaluate' }]]
  return trainNext(config, { ...state, epochsLeft: state.epochsLeft - 1 })
}

function afterFirstEvaluation(
  config: StopConfig,
  before: StopState,
  objective: Readonly<Record<string, number>>,
): Transition {
  const score = scoreOf(config, objective)
  const start: StopState = { ...before, reference: finiteOnly(objective) }
  const seen = config.flavour.schedulerSeesStart && config.scheduler.kind === 'plateau'
  const state = seen
    ? { ...start, scheduler: stepScheduler(config.scheduler, start.scheduler, score) }
    : start
  if (config.flavour.best === 'score') return follow(config, state, objective, [])
  const kept: StopState = { ...state, best: { epoch: state.epoch, score } }
  return follow(config, kept, objective, [
    { do: 'save', epoch: state.epoch, score, patience: state.patienceCounter, best: true },
  ])
}

function afterEvaluation(
  config: StopConfig,
  state: StopState,
  objective: Readonly<Record<string, number>>,
): Transition {
  const score = scoreOf(config, objective)
  const scheduler = evaluationStep(config, state, score)
  const improved = config.monitor.every((task) => improves(config, state, task, objective))
  const counter = improved ? config.flavour.firstCount : state.patienceCounter + 1
  const best = config.flavour.best === 'improvement' ? improved : beats(config, score, state.best?.score)
  const next: StopState = {
    ...state,
    scheduler,
    patienceCounter: counter,
    reference: improved ? finiteOnly(objective) : state.reference,
    best: best ? { epoch: state.epoch, score } : state.best,
  }
  const decisions: StopDecision[] = [
    ...rateChange(state, next),
    { do: 'patience', value: improved ? state.patienceCounter : counter, improved },
    { do: 'save', epoch: state.epoch, score, patience: counter, best },
  ]
  if (config.restoreEpochs.includes(state.epoch)) decisions.push(...restore(config, next))
  return follow(config, next, objective, decisions)
}

/** After what is due for this evaluation: ends the round, ends the run, or goes on. */
function follow(
  config: StopConfig,
  state: StopState,
  objective: Readonly<Record<string, number>>,
  done: readonly StopDecision[],
): Transition {
  const { epoch, round, patienceCounter, scheduler } = state
  const due = done.slice(done.findIndex((decision) => decision.do === 'save') + 1)
  const crossroads = { epoch, round, patienceCounter, scheduler, objective, due }
  const [next, ahead] = continueOrStop(config, { ...state, crossroads }, objective)
  return [next, [...done, ...ahead]]
}

/**
 * Decides again what follows the last evaluation. Under the same rules the answer is the same; a run that may last longer
 * goes on as if it had been meant to from the start.
 */
export function reconsider(config: StopConfig, state: StopState): Transition {
  const crossroads = state.crossroads ?? null // checkpoints of earlier versions have none
  if (crossroads === null) return [state, state.pending]
  const { due, objective, ...then } = crossroads
  const [next, ahead] = continueOrStop(config, { ...state, ...then, epochsLeft: 0, stopped: null }, objective)
  const pending = [...due, ...ahead]
  return [{ ...next, pending }, pending]
}

function continueOrStop(
  config: StopConfig,
  state: StopState,
  objective: Readonly<Record<string, number>>,
): Transition {
  if (state.round >= config.rounds)
    return finish(config, state, state.epoch >= config.maxEpochs ? 'epochs' : 'rounds')
  if (state.patienceCounter < config.patience && state.epoch < config.maxEpochs) {
    if (!Object.values(objective).every(Number.isFinite)) return finish(config, state, 'non-finite')
    return trainNext(config, { ...state, epochsLeft: config.interval - 1 })
  }
  const [ended, decisions] = endRound(config, state)
  const [next, ahead] = continueOrStop(config, ended, objective)
  return [next, [...decisions, ...ahead]]
}

/** A drop of the rate (round schedulers) and the best weights, unless the epochs are used up or there is one round. */
function endRound(config: StopConfig, state: StopState): Transition {
  const next: StopState = { ...state, round: state.round + 1, patienceCounter: config.flavour.firstCount }
  if (state.epoch >= config.maxEpochs || config.rounds <= 1) return [next, []]
  const dropped =
    config.timing === 'round' ? { ...next, scheduler: stepScheduler(config.scheduler, next.scheduler) } : next
  return [dropped, [...rateChange(next, dropped), ...restore(config, dropped)]]
}

function finish(config: StopConfig, state: StopState, reason: StopReason): Transition {
  const next: StopState = { ...state, stopped: reason }
  return [next, [...restore(config, next), { do: 'stop', reason }]]
}

function trainNext(config: StopConfig, state: StopState): Transition {
  const epoch = state.epoch + 1
  const warm = warmUpFactor(epoch, config.warmUpEpochs)
  return [
    { ...state, epoch },
    [{ do: 'train', epoch, rates: state.scheduler.rates.map((rate) => rate * warm) }],
  ]
}

function evaluationStep(config: StopConfig, state: StopState, score: number): SchedulerState {
  const resting = state.epoch < config.warmUpEpochs || config.timing === 'round'
  return resting ? state.scheduler : stepScheduler(config.scheduler, state.scheduler, score)
}

function rateChange(before: StopState, after: StopState): readonly StopDecision[] {
  const { rates } = after.scheduler
  const changed = rates.some((rate, i) => rate !== before.scheduler.rates[i])
  return changed ? [{ do: 'learning-rate', rates }] : []
}

function restore(config: StopConfig, state: StopState): readonly StopDecision[] {
  return config.restoreBest ? [{ do: 'restore-best', epoch: state.best?.epoch ?? 0 }] : []
}

function improves(
  config: StopConfig,
  state: StopState,
  task: string,
  objective: Readonly<Record<string, number>>,
): boolean {
  const value = valueOf(task, objective)
  const reference = state.reference?.[task] ?? NaN
  return config.mode === 'max' ? value > reference + config.threshold : value < reference - config.threshold
}

/** Ties keep the earlier checkpoint; NaN is never best. */
function beats(config: StopConfig, score: number, best: number | undefined): boolean {
  if (Number.isNaN(score)) return false
  if (best === undefined) return true
  return config.mode === 'max' ? score > best : score < best
}

const scoreOf = (config: StopConfig, objective: Readonly<Record<string, number>>): number =>
  valueOf(config.monitor[0]!, objective) // a config always monitors something

function valueOf(task: string, objective: Readonly<Record<string, number>>): number {
  const value = objective[task]
  if (value !== undefined) return value
  throw new CotrainError({
    code: 'config-invalid',
    path: 'trainer.to_monitor',
    message: `${wordOf(task)} has no validation value; the evaluated tasks are ${Object.keys(objective).map(wordOf).join(', ') || 'none'}.`,
    hint: 'Monitor a task that has validation data.',
  })
}

/** JSON has no NaN or infinities; null compares like NaN: nothing improves on it. */
function finiteOnly(objective: Readonly<Record<string, number>>): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(objective).map(([task, value]) => [task, Number.isFinite(value) ? value : null]),
  )
}
