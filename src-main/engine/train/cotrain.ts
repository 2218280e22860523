import { finalSuite } from '../eval/final-suite.ts'
import type { Network } from '../eval/network.ts'
import { validate } from '../eval/validate.ts'
import type { NamedArrays, TrainerEvent, TrainerSetup, TrainResult } from '../types.ts'
import type { Hook } from './hooks/hook.ts'
import { taskObjectives } from './objective.ts'
import { progressClock } from './progress-clock.ts'
import type { RunPosition } from './run-checkpoint.ts'
import { restoreRun, saveRun } from './run-checkpoint.ts'
import type { TrainingRules } from './rules.ts'
import type { StopDecision } from './schedule/early-stopping.ts'
import { advanceStop, initialStop } from './schedule/early-stopping.ts'
import { TASK_ORDER } from './sources.ts'
import { trainEpoch } from './train-epoch.ts'
import type { TrainingState } from './training-state.ts'
import { openTraining } from './training-state.ts'

type Events = AsyncGenerator<TrainerEvent, void>

/**
 * A whole run as published: evaluate, train epochs until early stopping says so, restore the best weights, final suite.
 * What to do next is always the early-stopping machine's answer; the queue of its decisions is part of a checkpoint, so a
 * run that stops anywhere goes on there.
 */
export async function* cotrain(
  setup: TrainerSetup,
  rules: TrainingRules,
  hooksFor: (state: TrainingState) => readonly Hook[],
): AsyncGenerator<TrainerEvent, TrainResult> {
  const state = openTraining(setup, rules)
  const hooks = hooksFor(state)
  try {
    const run = openRun(setup, rules, state, hooks)
    if (setup.checkpoint !== null) yield* run.resume(setup.checkpoint)
    for (;;) {
      const decision = run.position.queue[0]
      if (decision === undefined || decision.do === 'stop') break
      const done = yield* run.carryOut(decision)
      if (!done) return yield* run.unfinished()
    }
    return yield* run.finish()
  } finally {
    for (const hook of hooks) hook.dispose?.()
    state.dispose()
  }
}

function openRun(setup: TrainerSetup, rules: TrainingRules, state: TrainingState, hooks: readonly Hook[]) {
  const tasks = TASK_ORDER.filter((task) => rules.losses.has(task))
  const objectives = taskObjectives(rules)
  const network: Network = { model: setup.model, params: state.store.tensors }
  const clock = progressClock(setup, rules.stop.maxEpochs)
  const [stop, queue] = advanceStop(rules.stop, initialStop(rules.stop, state.optimizer.rates), { kind: 'started' })
  let position: RunPosition = {
    step: 0,
    images: 0,
    seconds: 0,
    stop,
    queue,
    batchesDone: 0,
    rates: state.optimizer.rates,
  }
  let best: NamedArrays | null = null
  let saves = 0
  let lastSaved = -1
  const epochOf = (): number => position.stop.epoch

  const checkpoint = async (score: number, isBest: boolean): Promise<TrainerEvent> => {
    position.seconds = clock.seconds()
    const saved = await saveRun(state, position, isBest ? null : best)
    return { kind: 'checkpoint', checkpoint: saved, epoch: epochOf(), score, best: isBest }
  }

  const then = (next: readonly StopDecision[]): void => {
    position.queue = next
  }

  async function* evaluate(): AsyncGenerator<TrainerEvent, boolean> {
    const rng = state.rng.fork('validation').fork(epochOf())
    const work = validate(network, setup.data.validation, tasks, rules.keepClasses, rng)
    let step = await work.next()
    for (; step.done !== true; step = await work.next()) {
      yield clock.progress('validating', position, step.value)
      if (setup.stopRequest() === 'now') {
        await work.return(new Map())
        return false
      }
    }
    const objective: Record<string, number> = {}
    const values: Record<string, number> = { 'Time/seconds': clock.seconds() }
    for (const [task, found] of step.value) {
      objective[task] = rules.stop.mode === 'max' ? found.eval : found.loss
      values[`Validation/${task}/eval`] = found.eval
      values[`Validation/${task}/loss`] = found.loss
    }
    yield { kind: 'metrics', step: position.step, epoch: epochOf(), images: position.images, values }
    const [next, decisions] = advanceStop(rules.stop, position.stop, { kind: 'evaluated', objective })
    position.stop = next
    then(decisions)
    return true
  }

  async function* train(decision: Extract<StopDecision, { do: 'train' }>): AsyncGenerator<TrainerEvent, boolean> {
    position.rates = decision.rates
    const job = { state, rules, objectives, hooks, loaders: setup.data.train, epoch: decision.epoch, rates: decision.rates, position }
    const epoch = trainEpoch({ ...job, waited: () => setup.data.waited(), now: setup.now, stopRequest: setup.stopRequest })
    let step = await epoch.next()
    for (; step.done !== true; step = await epoch.next()) {
      if (step.value.kind === 'pace') yield clock.pace(position, step.value)
      else yield step.value
    }
    if (step.value.stopped) return false
    position.batchesDone = 0
    const [next, decisions] = advanceStop(rules.stop, position.stop, { kind: 'trained', loss: step.value.loss })
    position.stop = next
    then(decisions)
    if (!Number.isFinite(step.value.loss)) yield nonFinite(decision.epoch)
    return true
  }

  async function* save(decision: Extract<StopDecision, { do: 'save' }>, rest: readonly StopDecision[]): AsyncGenerator<TrainerEvent, boolean> {
    then(rest)
    if (decision.best) {
      best = await state.store.read(state.modelNames)
      yield { kind: 'mark', mark: 'best', step: position.step, epoch: decision.epoch, text: `best so far: ${decision.score.toPrecision(5)}` }
    }
    if (decision.best || saves++ % rules.saveEvery === 0) {
      lastSaved = decision.epoch
      yield await checkpoint(decision.score, decision.best)
    }
    return setup.stopRequest() === 'no' || rest[0]?.do === 'stop'
  }

  function* restore(decision: Extract<StopDecision, { do: 'restore-best' }>): Generator<TrainerEvent> {
    if (best === null) return
    state.store.load(best)
    if (rules.resetOptimizerOnRestore) state.optimizer.reset()
    yield { kind: 'mark', mark: 'restore', step: position.step, epoch: epochOf(), text: `weights of epoch ${decision.epoch} restored` }
  }

  async function* carryOut(decision: StopDecision): AsyncGenerator<TrainerEvent, boolean> {
    const rest = position.queue.slice(1)
    switch (decision.do) {
      case 'evaluate':
        return yield* evaluate()
      case 'train':
        return yield* train(decision)
      case 'save':
        return yield* save(decision, rest)
      case 'restore-best':
        yield* restore(decision)
        break
      case 'learning-rate':
        yield { kind: 'mark', mark: 'lr-decay', step: position.step, epoch: epochOf(), text: `learning rate ${decision.rates[0]?.toPrecision(3)}` }
        break
      case 'patience':
        yield { kind: 'metrics', step: position.step, epoch: epochOf(), images: position.images, values: { 'Validation/patience': decision.value } }
        break
      case 'stop':
        return true
    }
    then(rest)
    return true
  }

  async function* resume(saved: NonNullable<TrainerSetup['checkpoint']>): Events {
    const back = restoreRun(state, saved)
    position = back.position
    best = back.best ?? (position.stop.best === null ? null : await state.store.read(state.modelNames))
    clock.startFrom(position.seconds)
    yield { kind: 'mark', mark: 'resume', step: position.step, epoch: epochOf(), text: `goes on after step ${position.step}` }
  }

  /** Called when a stop was asked for: the state of this very moment, unless it was just saved. */
  async function* stopHere(): AsyncGenerator<TrainerEvent, TrainResult> {
    const fresh = position.batchesDone > 0 || lastSaved !== epochOf()
    if (fresh) yield await checkpoint(position.stop.best?.score ?? NaN, false)
    yield { kind: 'mark', mark: 'stop', step: position.step, epoch: epochOf(), text: 'stopped on request' }
    return { finished: false, scores: {}, arrays: new Map(), weights: new Map() }
  }

  async function* finish(): AsyncGenerator<TrainerEvent, TrainResult> {
    yield await checkpoint(position.stop.best?.score ?? NaN, false)
    const options = { tasks, ...rules.finalSuite, keepClasses: rules.keepClasses }
    const suite = finalSuite(network, setup.data, options, state.rng.fork('final'))
    let step = await suite.next()
    for (; step.done !== true; step = await suite.next()) {
      yield clock.progress('evaluating', position, step.value)
      if (setup.stopRequest() === 'now') {
        await suite.return({ scores: {}, arrays: new Map() })
        return yield* stopHere()
      }
    }
    const weights = await state.store.read(state.modelNames)
    const { scores, arrays } = step.value
    return { finished: true, scores: { ...scores, 'Time/seconds': clock.seconds() }, arrays, weights }
  }

  return {
    get position() {
      return position
    },
    carryOut,
    resume,
    unfinished: stopHere,
    finish,
  }
}

const nonFinite = (epoch: number): TrainerEvent => ({
  kind: 'log',
  level: 'error',
  text: `The training loss of epoch ${epoch} was not finite; training ends with the best weights so far. Try a lower learning rate.`,
})

