import type { Tensor } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { Batch, Grads, TaskName } from '../../types.ts'
import { buildCycler } from '../cyclers/build-cycler.ts'
import type { CycleStep, TaskSources } from '../cyclers/source.ts'
import type { EpochEvent, EpochJob } from './epoch-job.ts'
import type { ReadBatch, Readings } from './batch-numbers.ts'
import { readings } from './batch-numbers.ts'
import type { EpochTally } from './epoch-tally.ts'
import { epochTally, learnedNumbers } from './epoch-tally.ts'
import type { Divergence } from '../../../../src-shared/contract/run-end.ts'
import { firstSpoilt } from './divergence.ts'
import { groupsOf } from './batch-groups.ts'
import type { GradientOutcome } from './gradient-step.ts'
import { gradientSteps } from './gradient-step.ts'
import { accumulate, clipToNorm, disposeAll, globalNorm } from './gradients.ts'
import type { Moment } from '../hooks/hook.ts'
import { notesBeforeEpoch } from './hook-notes.ts'
import { isEachAlone, prepared } from './prepare-batches.ts'
import type { TrainingRules } from '../rules/rules.ts'
import { sourcesOf } from '../rules/sources.ts'
import { project } from '../state/training-state.ts'

/** A device that works beside is asked for its numbers at least this often, so that what is shown is what was done. */
const READ_AFTER_MS = 1000

/** Curves get about this many points an epoch, at fixed steps, so that a repeated run writes the same curve. */
const POINTS_PER_EPOCH = 50

/**
 * `stopped`: asked to stop between two steps. A divergence: a loss or weights were not finite. Such a batch was not used
 * where each batch is read; else the steps since then are lost, and training goes back to the best weights all the same.
 */
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
  const gathered = gatheredSo(job)
  const { tally, pending } = gathered
  const paceOf = paceMeter(job)
  const { batchesDone: from } = position
  let index = from
  let neural = 0
  let stopped = false
  try {
    if (position.batchesDone === 0) yield* notesBeforeEpoch(job, firstMoment(job, rng))
    for await (const group of groupsOf(cycler.epoch(sources, epoch), { from, isAlone: isEachAlone(job) })) {
      const jobs = yield* prepared(job, group, rng, (step) => job.probe?.noise(neural++, step))
      const where = epoch - 1 + (group.at(-1)!.index + 1) / batches // no group is empty
      const due = group.at(-1)!.step && (position.step + 1) % every === 0
      for (const outcome of gradientSteps(jobs)) {
        const step = group[index - group[0]!.index]!
        index++
        const isDue = due && step.step
        const found = await watch(job, gathered, { step, outcome, index, due: isDue })
        if (found !== null) {
          disposeAll(outcome.grads)
          yield metricsOf(job, tally.take(), where)
          return found
        }
        await gather(job, gathered, step.task as TaskName, outcome, isDue)
      }
      for (const text of state.replayer.takeReasons()) yield { kind: 'log', level: 'info', text }
      if (!group.at(-1)!.step) continue
      update(job, gathered)
      position.step += 1
      position.batchesDone = index
      if (due) yield metricsOf(job, { ...tally.take(), ...(await learnedNumbers(state, hooks)) }, where)
      position.tally = tally.save()
      yield { kind: 'pace', batch: index, batches, ...paceOf() }
      stopped = job.stopRequest() === 'now' && index < batches
      if (stopped) break
    }
    // What was not read yet is of steps that are done: it counts, also for a run that goes on later.
    const { spoilt } = await account(job, gathered)
    position.tally = tally.save()
    if (stopped && spoilt === null) return 'stopped'
    const rest = tally.take()
    if (Object.keys(rest).length > 0)
      yield metricsOf(job, { ...rest, ...(await learnedNumbers(state, hooks)) }, epoch - 1 + index / batches)
    return spoilt === null ? ((await spoiltWeights(job)) ?? 'done') : await divergenceOf(job, spoilt, null)
  } finally {
    disposeAll(pending)
    gathered.unread.discard()
  }
}

/** What batches have left for the next step and the next report. */
interface Gathered {
  readonly tally: EpochTally
  /** Numbers of batches that are still on the device, and when they were last read. */
  readonly unread: Readings
  readAt: number
  /** Sums of the gradients since the last step, and the tasks that they are of. */
  readonly pending: Map<string, Tensor>
  readonly tasks: Set<TaskName>
}

const gatheredSo = ({ position, now }: EpochJob): Gathered => ({
  tally: epochTally(position.tally),
  unread: readings(),
  readAt: now(),
  pending: new Map(),
  tasks: new Set(),
})

/** Takes the numbers of a batch, and reads them with those that wait when it is time; what it finds diverged, or null. */
async function watch(
  job: EpochJob,
  gathered: Gathered,
  now: { step: CycleStep<Batch>; outcome: GradientOutcome; index: number; due: boolean },
): Promise<Divergence | null> {
  const { outcome, index } = now
  gathered.unread.add(index, outcome.numbers)
  const isTime = now.due || job.readEachBatch || job.now() - gathered.readAt >= READ_AFTER_MS
  if (!isTime) return null
  const { last, spoilt } = await account(job, gathered)
  if (last !== null) job.probe?.batch(now.step, last.numbers, outcome.grads)
  return spoilt && divergenceOf(job, spoilt, spoilt.batch === index ? outcome.grads : null)
}

/** Reads what waits into the tally, up to the first batch whose loss is not finite. */
async function account(
  job: EpochJob,
  gathered: Gathered,
): Promise<{ readonly last: ReadBatch | null; readonly spoilt: ReadBatch | null }> {
  const read = await gathered.unread.take()
  gathered.readAt = job.now()
  for (const one of read) {
    gathered.tally.add(one.numbers)
    if (!Number.isFinite(one.numbers.loss)) return { last: one, spoilt: one }
  }
  return { last: read.at(-1) ?? null, spoilt: null }
}

/** Adds the gradients of a batch to those of its step; `due`: they are reported. */
async function gather(
  { norms, position, state, epoch }: EpochJob,
  { tally, pending, tasks }: Gathered,
  task: TaskName,
  { grads, images }: GradientOutcome,
  due: boolean,
): Promise<void> {
  if (due) await tally.gradients(task, pending, grads, pending.size > 0 && !tasks.has(task))
  accumulate(pending, grads, { replayer: state.replayer, era: epoch })
  tasks.add(task)
  if (due) norms.add(position.step, await globalNorm(pending))
  position.images += images
}

/**
 * Evidence for a loss that is not finite: spoilt weights where there are any, else spoilt gradients. Without the gradients
 * of that batch (null) steps were made since then, after which every weight is spoilt: no layer is named.
 */
async function divergenceOf(
  job: EpochJob,
  { batch, numbers }: ReadBatch,
  grads: Grads | null,
): Promise<Divergence> {
  const { store } = job.state
  const layer =
    grads && ((await firstSpoilt(store.names, store.tensors)) ?? (await firstSpoilt(store.names, grads)))
  return { what: 'loss', task: numbers.tasks[0]?.task ?? null, layer, batch, ...whereOf(job) }
}

/** A gradient may spoil weights that no later batch of the epoch uses: they are looked at when it is over. */
async function spoiltWeights(job: EpochJob): Promise<Divergence | null> {
  const { store } = job.state
  const layer = await firstSpoilt(store.names, store.tensors)
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

const firstMoment = (job: EpochJob, rng: Rng): Moment => ({
  epoch: job.epoch,
  batch: 0,
  task: [...job.objectives.keys()][0]!,
  rng: rng.fork('before'),
})

/** Clips, updates, projects and clears the gradients. */
function update(job: EpochJob, { pending, tasks }: Gathered): void {
  const { state } = job
  const by = { replayer: state.replayer, era: job.epoch }
  if (job.rules.gradClip !== null) clipToNorm(pending, job.rules.gradClip, by)
  job.probe?.gradients(pending)
  state.optimizer.update(pending, job.rates, by)
  project(state.model, state.store, by)
  job.probe?.updated()
  disposeAll(pending)
  pending.clear()
  tasks.clear()
}

function metricsOf(job: EpochJob, values: Record<string, number>, epoch: number): EpochEvent {
  const { step, images } = job.position
  return { kind: 'metrics', step, epoch, images, values: { ...values, LR: job.rates[0] ?? NaN } }
}
