import { finalSuite } from '../eval/final-suite.ts'
import type { Network } from '../eval/network.ts'
import { relay } from '../eval/relay.ts'
import { validate } from '../eval/validate.ts'
import type { NamedArrays, TrainEnd, TrainerEvent, TrainerSetup, TrainResult } from '../types.ts'
import type { Hook } from './hooks/hook.ts'
import { taskObjectives } from './rules/objective.ts'
import { progressClock } from './state/progress-clock.ts'
import type { Divergence, UntrainedTask } from '../../../src-shared/contract/run-end.ts'
import { divergenceText } from '../../../src-shared/contract/run-end.ts'
import { normMemory } from './epoch/divergence.ts'
import type { RunPosition } from './state/run-checkpoint.ts'
import { restoreRun, saveRun } from './state/run-checkpoint.ts'
import type { TrainingRules } from './rules/rules.ts'
import type { StopDecision } from './schedule/early-stopping.ts'
import { advanceStop, initialStop, reconsider } from './schedule/early-stopping.ts'
import { TASK_ORDER } from './rules/sources.ts'
import { trainEpoch } from './epoch/train-epoch.ts'
import { sharePlan, sizesOf, trainingShare, untrainedParts } from './training-share.ts'
import type { TrainingState } from './state/training-state.ts'
import { UNFINISHED } from './unfinished.ts'
import { validationView } from './epoch/validation-view.ts'

type Steps<T> = AsyncGenerator<TrainerEvent, T>
type Decision<K extends StopDecision['do']> = Extract<StopDecision, { do: K }>

/** The parts of a run, each able to go on from a checkpoint taken in it. */
export interface RunWork {
  /** What to do now; null when training is over. */
  next(): StopDecision | null
  /** Does it; false when a person asked to stop, then the position is where to go on. */
  carryOut(decision: StopDecision): Steps<boolean>
  resume(saved: NonNullable<TrainerSetup['checkpoint']>): Steps<void>
  /** Final suite and result. */
  finish(): Steps<TrainResult>
  /** The end of a run that was asked to stop: the state of this very moment, unless it was just saved. */
  stopHere(): Steps<TrainResult>
}

/** Means over the epoch, for the record. */
const throughput = (pace: { readonly imagesPerSecond: number; readonly loaderWait: number }) => ({
  'Throughput/images_per_second': pace.imagesPerSecond,
  'Throughput/loader_wait': pace.loaderWait,
})

interface Attachments {
  readonly hooks: readonly Hook[]
  readonly keep: NamedArrays | null
}

export function openRun(
  setup: TrainerSetup,
  rules: TrainingRules,
  state: TrainingState,
  { hooks, keep }: Attachments,
): RunWork {
  const tasks = TASK_ORDER.filter((task) => rules.losses.has(task))
  const objectives = taskObjectives(rules)
  const criteria = new Map([...objectives].map(([task, { criterion }]) => [task, criterion]))
  const network: Network = { model: setup.model, params: state.store.tensors }
  const view = validationView(hooks, state.rng.fork('validation-noise'))
  const clock = progressClock(setup, rules.stop.maxEpochs)
  let position = firstPosition(rules, state)
  let best: NamedArrays | null = null
  let saves = 0
  let isSaved = false
  let divergence: Divergence | null = null
  const norms = normMemory()

  const at = () => ({ step: position.step, epoch: position.epoch })
  const metrics = (values: Record<string, number>): TrainerEvent => ({
    kind: 'metrics',
    ...at(),
    images: position.images,
    values,
  })
  const mark = (name: Extract<TrainerEvent, { kind: 'mark' }>['mark'], text: string): TrainerEvent => ({
    kind: 'mark',
    mark: name,
    ...at(),
    text,
  })
  const askedNow = (): boolean => setup.stopRequest() === 'now'

  const checkpoint = async (isBest: boolean): Promise<TrainerEvent> => {
    position.seconds = clock.seconds()
    const saved = await saveRun(state, position, { best: isBest ? null : best, start: keep })
    isSaved = true
    return {
      kind: 'checkpoint',
      checkpoint: saved,
      epoch: position.epoch,
      score: position.stop.best?.score ?? NaN,
      best: isBest,
    }
  }

  const report = (event: Parameters<typeof advanceStop>[2]): void => {
    const [stop, queue] = advanceStop(rules.stop, position.stop, event)
    position.stop = stop
    position.queue = queue
  }

  /** Weights from before a pruning are no longer those of this network. */
  const forgetBest = (): void => {
    best = null
    position.stop = { ...position.stop, best: null }
  }

  async function* evaluate(): Steps<boolean> {
    const rng = state.rng.fork('validation').fork(position.epoch)
    const seen = view === null ? network : { ...network, view }
    const work = validate(seen, setup.data.validation, { criteria, keepClasses: rules.keepClasses }, rng)
    const found = yield* relay(work, (where) => clock.progress('validating', position, where), askedNow)
    if (found === null) return false
    const objective: Record<string, number> = {}
    const values: Record<string, number> = { 'Time/seconds': clock.seconds() }
    for (const [task, value] of found) {
      objective[task] = rules.stop.mode === 'max' ? value.eval : value.loss
      values[`Validation/${task}/eval`] = value.eval
      values[`Validation/${task}/criterion`] = value.criterion
      // Neural validation is scored by the Poisson loss whatever the training loss is: a curve of its own.
      values[`Validation/${task}/${task === 'img_classification' ? 'loss' : 'poisson'}`] = value.loss
    }
    yield metrics(values)
    report({ kind: 'evaluated', objective })
    if (position.stop.stopped === 'non-finite') {
      const task = Object.keys(objective).find((name) => !Number.isFinite(objective[name])) ?? null
      yield* diverged({
        what: 'validation',
        task,
        layer: null,
        batch: null,
        ...at(),
        gradientNorms: norms.last(),
      })
    }
    return true
  }

  function* diverged(found: Divergence): Generator<TrainerEvent> {
    divergence = found
    const hint = 'Training ends. Try a lower learning rate or gradient clipping.'
    yield { kind: 'log', level: 'error', text: `Diverged: ${divergenceText(found)} ${hint}` }
    yield mark('stop', 'diverged')
  }

  async function* train({ epoch, rates }: Decision<'train'>): Steps<boolean> {
    position.rates = rates
    const { now, stopRequest, data } = setup
    const job = {
      state,
      rules,
      objectives,
      hooks,
      loaders: data.train,
      epoch,
      rates,
      position,
      norms,
      now,
      stopRequest,
    }
    const steps = trainEpoch({ ...job, waited: () => data.waited() })
    let speed: Record<string, number> | null = null
    const end = yield* relay(steps, (event) => {
      if (event.kind === 'mark' && event.mark === 'prune') forgetBest()
      if (event.kind !== 'pace') return event
      speed = throughput(event)
      return clock.pace(position, event)
    })
    if (end === 'stopped') return false
    if (speed !== null) yield metrics(speed)
    position.batchesDone = 0
    position.tally = {}
    position.epoch = epoch
    if (end !== 'done') yield* diverged(end)
    report({ kind: 'trained', loss: end === 'done' ? 0 : NaN })
    // With several epochs between evaluations nothing is saved in between; a stop after this epoch must not wait for it.
    return setup.stopRequest() !== 'epoch' || position.queue[0]?.do !== 'train'
  }

  async function* save(decision: Decision<'save'>, rest: readonly StopDecision[]): Steps<boolean> {
    position.queue = rest
    if (decision.best) {
      best = await state.store.read(state.modelNames)
      yield mark('best', `best so far: ${decision.score.toPrecision(5)}`)
    }
    const isLast = !rest.some((next) => next.do === 'train' || next.do === 'evaluate')
    // Before the best weights return: from here a longer run goes on.
    if (decision.best || isLast || saves++ % rules.saveEvery === 0) yield await checkpoint(decision.best)
    return setup.stopRequest() === 'no' || rest[0]?.do === 'stop'
  }

  /** Learned loss weights and, unless asked otherwise, the optimizer keep their values (as published). */
  function* restore({ epoch }: Decision<'restore-best'>): Generator<TrainerEvent> {
    if (best === null) return
    state.store.load(best)
    if (rules.resetOptimizerOnRestore) state.optimizer.reset()
    yield mark('restore', `weights of epoch ${epoch} restored`)
  }

  async function* carryOut(decision: StopDecision): Steps<boolean> {
    const rest = position.queue.slice(1)
    switch (decision.do) {
      case 'evaluate':
        isSaved = false
        return yield* evaluate()
      case 'train':
        isSaved = false
        return yield* train(decision)
      case 'save':
        return yield* save(decision, rest)
      case 'restore-best':
        yield* restore(decision)
        break
      case 'learning-rate':
        yield mark('lr-decay', `learning rate ${decision.rates[0]?.toPrecision(3)}`)
        break
      case 'patience':
        yield metrics({ 'Validation/patience': decision.value })
        break
      case 'stop':
        return true
    }
    position.queue = rest
    return true
  }

  async function* resume(saved: NonNullable<TrainerSetup['checkpoint']>): Steps<void> {
    const back = restoreRun(state, saved)
    position = decidedAnew(rules, back.position)
    best = back.best ?? (position.stop.best === null ? null : await state.store.read(state.modelNames))
    clock.startFrom(position.seconds)
    isSaved = true
    yield mark('resume', `goes on after step ${position.step}`)
  }

  async function* stopHere(): Steps<TrainResult> {
    if (!isSaved) yield await checkpoint(false)
    yield mark('stop', 'stopped on request')
    return UNFINISHED
  }

  /** Spoilt weights are never scored: the best ones replace them whatever the config says. */
  function* goodWeights(reason: TrainEnd['reason']): Generator<TrainerEvent> {
    if (reason === 'non-finite' && !rules.stop.restoreBest)
      yield* restore({ do: 'restore-best', epoch: position.stop.best?.epoch ?? 0 })
  }

  async function* finish(): Steps<TrainResult> {
    const reason = position.stop.stopped ?? 'epochs'
    if (reason === 'non-finite' && best === null)
      return { ...UNFINISHED, end: { ...UNFINISHED.end, reason, divergence } }
    if (!isSaved && reason !== 'non-finite') yield await checkpoint(false)
    yield* goodWeights(reason)
    const options = { tasks, ...rules.finalSuite, keepClasses: rules.keepClasses }
    const suite = finalSuite(network, setup.data, options, state.rng.fork('final'))
    const found = yield* relay(suite, (where) => clock.progress('evaluating', position, where), askedNow)
    if (found === null) return yield* stopHere()
    const weights = await state.store.read(state.modelNames)
    const scores = { ...found.scores, 'Time/seconds': clock.seconds() }
    const isBest = reason === 'non-finite' || rules.stop.restoreBest
    const scoredEpoch = (isBest ? position.stop.best?.epoch : null) ?? position.epoch
    const untrained = await untrainedAt(position.epoch)
    return { end: { reason, scoredEpoch, divergence, untrained }, scores, arrays: found.arrays, weights }
  }

  /** Weights of another run count as trained where they are used as they are. */
  async function untrainedAt(epoch: number): Promise<readonly UntrainedTask[]> {
    if (epoch === 0 && setup.start !== null) return []
    return untrainedParts(await trainingShare(sharePlan(rules), sizesOf(setup.data)), epoch)
  }

  const next = (): StopDecision | null => {
    const [decision] = position.queue
    return decision === undefined || decision.do === 'stop' ? null : decision
  }
  return { next, carryOut, resume, finish, stopHere }
}

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
