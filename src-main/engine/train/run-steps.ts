import {
  IMAGES_PER_SECOND,
  LOADER_WAIT,
  PATIENCE,
  SECONDS,
  metricKey,
} from '../../../src-shared/contract/metric-keys.ts'
import type { Divergence } from '../../../src-shared/contract/run-end.ts'
import { divergenceText } from '../../../src-shared/contract/run-end.ts'
import { relay } from '../eval/relay.ts'
import type { Validation } from '../eval/validate.ts'
import { validate } from '../eval/validate.ts'
import { readingWaits } from '../tensor/index.ts'
import type { TaskName, TrainerEvent } from '../types.ts'
import { trainEpoch } from './epoch/train-epoch.ts'
import type { OpenRun, Steps } from './open-run.ts'
import { checkpoint, isAskedNow, markOf, metricsOf, report, whereOf } from './open-run.ts'
import type { StopDecision } from './schedule/early-stopping.ts'

type Decision<K extends StopDecision['do']> = Extract<StopDecision, { do: K }>

/** What is to be done now; null when training is over. */
export function nextDecision({ position }: OpenRun): StopDecision | null {
  const [decision] = position.queue
  return decision === undefined || decision.do === 'stop' ? null : decision
}

/** Does it; false when a person asked to stop, then the position is where to go on. */
export async function* carryOut(run: OpenRun, decision: StopDecision): Steps<boolean> {
  const rest = run.position.queue.slice(1)
  switch (decision.do) {
    case 'evaluate':
      run.isSaved = false
      return yield* evaluate(run)
    case 'train':
      run.isSaved = false
      return yield* train(run, decision)
    case 'save':
      return yield* save(run, decision, rest)
    case 'restore-best':
      yield* restoreBest(run, decision.epoch)
      break
    case 'learning-rate':
      yield markOf(run, 'lr-decay', `learning rate ${decision.rates[0]?.toPrecision(3)}`)
      break
    case 'patience':
      yield metricsOf(run, { [PATIENCE]: decision.value })
      break
    case 'stop':
      return true
  }
  run.position.queue = rest
  return true
}

/** Learned loss weights and, unless asked otherwise, the optimizer keep their values (as published). */
export function* restoreBest(run: OpenRun, epoch: number): Generator<TrainerEvent> {
  const { state, rules, best } = run
  if (best === null) return
  state.store.load(best)
  if (rules.resetOptimizerOnRestore) state.optimizer.reset()
  yield markOf(run, 'restore', `weights of epoch ${epoch} restored`)
}

async function* evaluate(run: OpenRun): Steps<boolean> {
  const { setup, rules, state, criteria, clock, position } = run
  const rng = state.rng.fork('validation').fork(position.epoch)
  const options = { criteria, keepClasses: rules.keepClasses }
  const work = validate(run.validated, setup.data.validation, options, rng)
  const words = (where: { detail: string; fraction: number }) => clock.progress('validating', position, where)
  const found = yield* relay(work, words, () => isAskedNow(run))
  if (found === null) return false
  yield metricsOf(run, { [SECONDS]: clock.seconds(), ...validationCurves(found) })
  const objective: Record<string, number> = {}
  for (const [task, value] of found) objective[task] = rules.stop.mode === 'max' ? value.eval : value.loss
  report(run, { kind: 'evaluated', objective })
  if (position.stop.stopped === 'non-finite') {
    const task = Object.keys(objective).find((name) => !Number.isFinite(objective[name])) ?? null
    yield* diverged(run, {
      what: 'validation',
      task,
      layer: null,
      batch: null,
      ...whereOf(run),
      gradientNorms: run.norms.last(),
    })
  }
  return true
}

function validationCurves(found: ReadonlyMap<TaskName, Validation>): Record<string, number> {
  const values: Record<string, number> = {}
  for (const [task, value] of found) {
    values[metricKey('Validation', task, 'eval')] = value.eval
    values[metricKey('Validation', task, 'criterion')] = value.criterion
    // Neural validation is scored by the Poisson loss whatever the training loss is: a curve of its own.
    values[metricKey('Validation', task, task === 'img_classification' ? 'loss' : 'poisson')] = value.loss
  }
  return values
}

function* diverged(run: OpenRun, found: Divergence): Generator<TrainerEvent> {
  run.divergence = found
  const hint = 'Training ends. Try a lower learning rate or gradient clipping.'
  yield { kind: 'log', level: 'error', text: `Diverged: ${divergenceText(found)} ${hint}` }
  yield markOf(run, 'stop', 'diverged')
}

async function* train(run: OpenRun, { epoch, rates }: Decision<'train'>): Steps<boolean> {
  const { setup, position, clock } = run
  position.rates = rates
  let speed: Record<string, number> | null = null
  const end = yield* relay(epochOf(run, epoch, rates), (event) => {
    if (event.kind === 'mark' && event.mark === 'prune') forgetBest(run)
    if (event.kind !== 'pace') return event
    speed = throughput(event)
    return clock.pace(position, event)
  })
  if (end === 'stopped') return false
  if (speed !== null) yield metricsOf(run, speed)
  position.batchesDone = 0
  position.tally = {}
  position.epoch = epoch
  if (end !== 'done') yield* diverged(run, end)
  report(run, { kind: 'trained', loss: end === 'done' ? 0 : NaN })
  // With several epochs between evaluations nothing is saved in between; a stop after this epoch must not wait for it.
  return setup.stopRequest() !== 'epoch' || position.queue[0]?.do !== 'train'
}

function epochOf(run: OpenRun, epoch: number, rates: readonly number[]): ReturnType<typeof trainEpoch> {
  const { state, rules, objectives, hooks, position, norms } = run
  const { now, stopRequest, data } = run.setup
  const moving = { epoch, rates, position, norms }
  const fixed = { state, rules, objectives, hooks, loaders: data.train }
  const readEachBatch = run.setup.readEachBatch ?? !readingWaits()
  return trainEpoch({ ...fixed, ...moving, now, stopRequest, readEachBatch, waited: () => data.waited() })
}

/** Weights from before a pruning are no longer those of this network. */
function forgetBest(run: OpenRun): void {
  run.best = null
  run.position.stop = { ...run.position.stop, best: null }
}

/** Means over the epoch, for the record. */
const throughput = (pace: { readonly imagesPerSecond: number; readonly loaderWait: number }) => ({
  [IMAGES_PER_SECOND]: pace.imagesPerSecond,
  [LOADER_WAIT]: pace.loaderWait,
})

async function* save(
  run: OpenRun,
  decision: Decision<'save'>,
  rest: readonly StopDecision[],
): Steps<boolean> {
  const { setup, rules, state } = run
  run.position.queue = rest
  if (decision.best) {
    run.best = await state.store.read(state.modelNames)
    yield markOf(run, 'best', `best so far: ${decision.score.toPrecision(5)}`)
  }
  const isLast = !rest.some((next) => next.do === 'train' || next.do === 'evaluate')
  // Before the best weights return: from here a longer run goes on.
  if (decision.best || isLast || run.saves++ % rules.saveEvery === 0)
    yield await checkpoint(run, decision.best)
  return setup.stopRequest() === 'no' || rest[0]?.do === 'stop'
}
