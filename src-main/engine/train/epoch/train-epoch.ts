import type { Tensor } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { Batch, TaskLoaders, TaskName, TrainerEvent } from '../../types.ts'
import { buildCycler } from '../cyclers/build-cycler.ts'
import type { CycleStep, TaskSources } from '../cyclers/source.ts'
import type { EpochTally } from './epoch-tally.ts'
import { epochTally, learnedNumbers } from './epoch-tally.ts'
import type { Divergence } from '../../../../src-shared/contract/run-end.ts'
import type { NormMemory } from './divergence.ts'
import { firstSpoilt } from './divergence.ts'
import type { GradientOutcome } from './gradient-step.ts'
import { gradientStep, routeOf } from './gradient-step.ts'
import { accumulate, clipToNorm, disposeAll, globalNorm } from './gradients.ts'
import type { Hook, Moment, Note } from '../hooks/hook.ts'
import type { TaskObjective } from '../rules/objective.ts'
import type { TrainingRules } from '../rules/rules.ts'
import type { RunPosition } from '../state/run-checkpoint.ts'
import { sourcesOf } from '../rules/sources.ts'
import type { TrainingState } from '../state/training-state.ts'
import { project } from '../state/training-state.ts'

export interface EpochJob {
  readonly state: TrainingState
  readonly rules: TrainingRules
  readonly objectives: ReadonlyMap<TaskName, TaskObjective>
  readonly hooks: readonly Hook[]
  readonly loaders: TaskLoaders
  readonly epoch: number
  readonly rates: readonly number[]
  /** Moved along as the epoch goes. */
  readonly position: RunPosition
  /** Remembers the norms of the last gradients. */
  readonly norms: NormMemory
  waited(): number
  now(): number
  stopRequest(): 'no' | 'now' | 'epoch'
  /** Watches single batches and steps; conformance tests compare them with published traces. */
  readonly probe?: Probe
}

export interface Probe {
  /** Standard-normal draws for the k-th neural batch [batch, units, 2]; undefined: drawn as usual. */
  noise(neuralBatch: number, step: CycleStep<Batch>): Tensor | undefined
  batch(step: CycleStep<Batch>, outcome: GradientOutcome): void
  /** Accumulated gradients right before the update. */
  gradients(pending: ReadonlyMap<string, Tensor>): void
  updated(): void
}

/** Curves get about this many points an epoch, at fixed steps, so that a repeated run writes the same curve. */
const POINTS_PER_EPOCH = 50

export type EpochEvent =
  | Extract<TrainerEvent, { kind: 'metrics' | 'mark' | 'log' }>
  | {
      readonly kind: 'pace'
      readonly batch: number
      readonly batches: number
      readonly imagesPerSecond: number
      readonly loaderWait: number
    }

/** `stopped`: asked to stop between two steps. A divergence: a loss or weights were not finite; such a batch was not used. */
export type EpochEnd = 'done' | 'stopped' | Divergence

/**
 * One training epoch, in the order of the published loop: for every batch the gradient; on a step batch clip, update,
 * project, clear. Gradients left over at the end are discarded. Tensor count is the same before and after. An epoch that
 * was stopped goes on after `position.batchesDone` batches as if it had not been.
 */
export async function* trainEpoch(job: EpochJob): AsyncGenerator<EpochEvent, EpochEnd> {
  const { state, rules, hooks, position, epoch } = job
  const rng = state.rng.fork('epoch').fork(epoch)
  const sources = sourcesOf(job.loaders, [...job.objectives.keys()], rng.fork('data'))
  const cycler = buildCycler(rules.cycler.name, rules.cycler.args)
  const batches = cycler.length(sources, epoch).actual
  const every = Math.max(1, Math.round(stepsOf(sources, rules, batches) / POINTS_PER_EPOCH))
  const gathered: Gathered = { tally: epochTally(position.tally), pending: new Map(), tasks: new Set() }
  const { tally, pending } = gathered
  const paceOf = paceMeter(job)
  let index = 0
  let neural = 0
  try {
    if (position.batchesDone === 0) yield* notesBeforeEpoch(job, rng)
    for await (const step of cycler.epoch(sources, epoch)) {
      if (index++ < position.batchesDone) {
        disposeBatch(step.batch)
        continue
      }
      const task = step.task as TaskName
      const moment: Moment = { epoch, batch: index - 1, task, rng: rng.fork('batch').fork(index - 1) }
      yield* notesBeforeBatch(job, moment)
      const noise = task === 'img_classification' ? undefined : job.probe?.noise(neural++, step)
      const outcome = oneBatch(job, step, moment, noise)
      job.probe?.batch(step, outcome)
      tally.add(outcome)
      const where = epoch - 1 + index / batches
      if (!Number.isFinite(outcome.loss)) {
        const found = divergenceOf(job, outcome, task, index)
        disposeAll(outcome.grads)
        yield metricsOf(job, tally.take(), where)
        return found
      }
      const due = step.step && (position.step + 1) % every === 0
      gather(job, gathered, task, outcome, due)
      if (!step.step) continue
      update(job, gathered)
      position.step += 1
      position.batchesDone = index
      if (due) yield metricsOf(job, { ...tally.take(), ...learnedNumbers(state, hooks) }, where)
      position.tally = tally.save()
      yield { kind: 'pace', batch: index, batches, ...paceOf() }
      if (job.stopRequest() === 'now' && index < batches) return 'stopped'
    }
    const rest = tally.take()
    if (Object.keys(rest).length > 0)
      yield metricsOf(job, { ...rest, ...learnedNumbers(state, hooks) }, epoch)
    return spoiltWeights(job) ?? 'done'
  } finally {
    disposeAll(pending)
  }
}

/** What batches have left for the next step and the next report. */
interface Gathered {
  readonly tally: EpochTally
  /** Sums of the gradients since the last step, and the tasks that they are of. */
  readonly pending: Map<string, Tensor>
  readonly tasks: Set<TaskName>
}

/** Adds the gradients of a batch to those of its step; `due`: they are reported. */
function gather(
  { norms, position }: EpochJob,
  { tally, pending, tasks }: Gathered,
  task: TaskName,
  { grads, images }: GradientOutcome,
  due: boolean,
): void {
  if (due) tally.gradients(task, pending, grads, pending.size > 0 && !tasks.has(task))
  accumulate(pending, grads)
  tasks.add(task)
  if (due) norms.add(position.step, globalNorm(pending))
  position.images += images
}

/** Evidence for a loss that is not finite: spoilt weights where there are any, else spoilt gradients. */
function divergenceOf(job: EpochJob, { grads }: GradientOutcome, task: TaskName, batch: number): Divergence {
  const { store } = job.state
  const layer = firstSpoilt(store.names, store.tensors) ?? firstSpoilt(store.names, grads)
  return { what: 'loss', task, layer, batch, ...whereOf(job) }
}

/** A gradient may spoil weights that no later batch of the epoch uses: they are looked at when it is over. */
function spoiltWeights(job: EpochJob): Divergence | null {
  const { store } = job.state
  const layer = firstSpoilt(store.names, store.tensors)
  return layer === null ? null : { what: 'weights', task: null, layer, batch: null, ...whereOf(job) }
}

const whereOf = ({ epoch, position, norms }: EpochJob) => ({
  epoch,
  step: position.step,
  gradientNorms: norms.last(),
})

/** Speed since the epoch began, or went on. */
function paceMeter(job: EpochJob): () => { imagesPerSecond: number; loaderWait: number } {
  const started = { at: job.now(), waited: job.waited(), images: job.position.images }
  return () => {
    const elapsed = Math.max(1e-3, (job.now() - started.at) / 1000)
    return {
      imagesPerSecond: (job.position.images - started.images) / elapsed,
      loaderWait: (job.waited() - started.waited) / elapsed,
    }
  }
}

function stepsOf(sources: TaskSources<Batch>, rules: TrainingRules, batches: number): number {
  if (rules.cycler.name === 'MTL_Cycler') {
    const main = sources.get(rules.cycler.args.main_key ?? 'img_classification')
    return [...(main?.values() ?? [])][0]?.batches ?? batches
  }
  const sessions = [...sources.values()][0]?.size ?? 1
  return Math.floor(batches / (rules.cycler.args.grad_accum_step || sessions))
}

const ofHook = (moment: Moment, hook: Hook): Moment => ({ ...moment, rng: moment.rng.fork(hook.name) })

function* notesBeforeEpoch(job: EpochJob, rng: Rng): Generator<EpochEvent> {
  const task = [...job.objectives.keys()][0]!
  const moment: Moment = { epoch: job.epoch, batch: 0, task, rng: rng.fork('before') }
  for (const hook of job.hooks) {
    yield* noteOf(hook, hook.beforeEpoch?.(ofHook(moment, hook), job.state.bench), job.position)
  }
}

function* notesBeforeBatch(job: EpochJob, moment: Moment): Generator<EpochEvent> {
  for (const hook of job.hooks) {
    yield* noteOf(hook, hook.beforeBatch?.(ofHook(moment, hook), job.state.bench), job.position)
  }
}

function* noteOf(
  hook: Hook,
  note: Note | null | undefined,
  { step, epoch }: RunPosition,
): Generator<EpochEvent> {
  if (note === null || note === undefined) return
  const text = `${hook.name}: ${note.text}`
  yield { kind: 'log', level: 'info', text }
  if (note.mark !== undefined) yield { kind: 'mark', mark: note.mark, step, epoch, text }
}

function oneBatch(job: EpochJob, step: CycleStep<Batch>, moment: Moment, noise?: Tensor): GradientOutcome {
  const loader = job.loaders[moment.task]!.get(step.session)!
  try {
    return gradientStep({
      state: job.state,
      objectives: job.objectives,
      hooks: job.hooks,
      batch: step.batch,
      route: routeOf(moment.task, step.session),
      moment,
      size: loader.size,
      keepClasses: job.rules.keepClasses,
      rng: moment.rng.fork('forward'),
      ...(noise === undefined ? {} : { readoutNoise: noise }),
    })
  } finally {
    disposeBatch(step.batch)
    noise?.dispose()
  }
}

const disposeBatch = (batch: Batch): void => {
  batch.inputs.dispose()
  batch.targets.dispose()
  for (const extra of [batch.labels, batch.behavior, batch.pupil]) extra?.dispose()
}

/** Clips, updates, projects and clears the gradients. */
function update(job: EpochJob, { pending, tasks }: Gathered): void {
  if (job.rules.gradClip !== null) clipToNorm(pending, job.rules.gradClip)
  job.probe?.gradients(pending)
  job.state.optimizer.update(pending, job.rates)
  project(job.state.model, job.state.store)
  job.probe?.updated()
  disposeAll(pending)
  pending.clear()
  tasks.clear()
}

function metricsOf(job: EpochJob, values: Record<string, number>, epoch: number): EpochEvent {
  const { step, images } = job.position
  return { kind: 'metrics', step, epoch, images, values: { ...values, LR: job.rates[0] ?? NaN } }
}
