import type { Tensor } from '@tensorflow/tfjs-core'
import type { Loader, TaskLoaders, TaskName, TrainerEvent } from '../types.ts'
import { buildCycler } from './cyclers/build-cycler.ts'
import type { CycleStep, TaskSources } from './cyclers/source.ts'
import { accumulate, clipToNorm, disposeAll, globalNorm, gradientBalance } from './gradients.ts'
import type { GradientOutcome } from './gradient-step.ts'
import { gradientStep, routeOf } from './gradient-step.ts'
import type { Hook, Moment } from './hooks/hook.ts'
import type { TaskObjective } from './objective.ts'
import type { RunPosition } from './run-checkpoint.ts'
import type { TrainingRules } from './rules.ts'
import { runningMeans } from './running-means.ts'
import { sourcesOf } from './sources.ts'
import type { TrainingState } from './training-state.ts'
import { project } from './training-state.ts'
import type { Batch } from '../types.ts'

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
  | { readonly kind: 'pace'; readonly batch: number; readonly batches: number; readonly imagesPerSecond: number; readonly loaderWait: number }

export interface EpochEnd {
  readonly stopped: boolean
  /** Mean training loss over the epoch; not finite when any batch's was not. */
  readonly loss: number
}

/**
 * One training epoch, in the order of the published loop: for every batch the gradient; on a step batch clip, update,
 * project, clear. Gradients left over at the end are discarded. Tensor count is the same before and after.
 */
export async function* trainEpoch(job: EpochJob): AsyncGenerator<EpochEvent, EpochEnd> {
  const { state, rules, hooks, position, epoch } = job
  const rng = state.rng.fork('epoch').fork(epoch)
  const sources = sourcesOf(job.loaders, [...job.objectives.keys()], rng.fork('data'))
  const cycler = buildCycler(rules.cycler.name, rules.cycler.args)
  const batches = cycler.length(sources, epoch).actual
  const every = Math.max(1, Math.round(stepsOf(sources, rules, batches) / POINTS_PER_EPOCH))
  const tally = epochTally()
  const started = { at: job.now(), waited: job.waited(), images: position.images }
  const pending = new Map<string, Tensor>()
  let index = 0
  let neural = 0
  try {
    if (position.batchesDone === 0) yield* epochNotes(hooks, momentOf(job, 0, rng), state)
    for await (const step of cycler.epoch(sources, epoch)) {
      if (index++ < position.batchesDone) {
        disposeBatch(step.batch)
        continue
      }
      const moment = momentOf(job, index - 1, rng, step.task as TaskName)
      for (const hook of hooks) hook.beforeBatch?.({ ...moment, rng: moment.rng.fork(hook.name) }, state.bench)
      const noise = step.task === 'img_classification' ? undefined : job.probe?.noise(neural++, step)
      const outcome = oneBatch(job, step, moment, noise)
      job.probe?.batch(step, outcome)
      tally.add(step.task as TaskName, outcome)
      const due = step.step && (position.step + 1) % every === 0
      if (due) tally.balance(step.task, pending, outcome.grads)
      accumulate(pending, outcome.grads)
      position.images += outcome.images
      position.batchesDone = index
      if (!step.step) continue
      update(job, pending)
      position.step += 1
      const elapsed = Math.max(1e-3, (job.now() - started.at) / 1000)
      const pace = { imagesPerSecond: (position.images - started.images) / elapsed, loaderWait: (job.waited() - started.waited) / elapsed }
      if (due) yield metricsOf(job, { ...tally.take(), ...lossWeights(state) }, epoch - 1 + index / batches)
      yield { kind: 'pace', batch: index, batches, ...pace }
      if (job.stopRequest() === 'now' && index < batches) return { stopped: true, loss: tally.meanLoss() }
    }
    const rest = tally.take()
    if (Object.keys(rest).length > 0) yield metricsOf(job, { ...rest, ...lossWeights(state) }, epoch)
    return { stopped: false, loss: tally.meanLoss() }
  } finally {
    disposeAll(pending)
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

function momentOf(job: EpochJob, batch: number, rng: TrainingState['rng'], task?: TaskName): Moment {
  const first = [...job.objectives.keys()][0] as TaskName
  return { epoch: job.epoch, batch, task: task ?? first, rng: rng.fork('batch').fork(batch) }
}

function* epochNotes(hooks: readonly Hook[], moment: Moment, state: TrainingState): Generator<EpochEvent> {
  for (const hook of hooks) {
    const note = hook.beforeEpoch?.({ ...moment, rng: moment.rng.fork(hook.name) }, state.bench)
    if (note === null || note === undefined) continue
    const text = `${hook.name}: ${note.text}`
    yield { kind: 'log', level: 'info', text }
    if (note.mark !== undefined) yield { kind: 'mark', mark: note.mark, step: 0, epoch: moment.epoch - 1, text }
  }
}

function oneBatch(job: EpochJob, step: CycleStep<Batch>, moment: Moment, noise?: Tensor): GradientOutcome {
  const task = step.task as TaskName
  const loader = job.loaders[task]?.get(step.session) as Loader
  try {
    return gradientStep({
      state: job.state,
      objective: job.objectives.get(task) as TaskObjective,
      hooks: job.hooks,
      batch: step.batch,
      route: routeOf(task, step.session),
      moment,
      size: loader.size,
      keepClasses: job.rules.keepClasses,
      rng: moment.rng.fork('forward'),
      ...(noise === undefined ? {} : { readoutNoise: noise }),
    })
  } finally {
    disposeBatch(step.batch)
  }
}

const disposeBatch = (batch: Batch): void => {
  batch.inputs.dispose()
  batch.targets.dispose()
}

/** Clips, updates, projects and clears the gradients. */
function update(job: EpochJob, pending: Map<string, Tensor>): void {
  if (job.rules.gradClip !== null) clipToNorm(pending, job.rules.gradClip)
  job.probe?.gradients(pending)
  job.state.optimizer.update(pending, job.rates)
  project(job.state.model, job.state.store)
  job.probe?.updated()
  disposeAll(pending)
  pending.clear()
}

function metricsOf(job: EpochJob, values: Record<string, number>, epoch: number): EpochEvent {
  const { step, images } = job.position
  return { kind: 'metrics', step, epoch, images, values: { ...values, LR: job.rates[0] ?? NaN } }
}

function lossWeights(state: TrainingState): Record<string, number> {
  const out: Record<string, number> = {}
  for (const [task, name] of state.lossWeights) {
    const logWeight = (state.store.tensors.get(name) as Tensor).dataSync()[0] as number
    out[`Training/${task}/log_w`] = logWeight
    out[`Training/${task}/loss_weight`] = Math.exp(logWeight)
  }
  return out
}

/** Training numbers since the last report, and the mean loss of the epoch. */
function epochTally() {
  const means = runningMeans()
  let total = 0
  let count = 0
  return {
    add: (task: TaskName, o: GradientOutcome): void => {
      means.add(`Training/${task}/loss`, o.loss, o.images)
      if (task === 'img_classification') means.add(`Training/${task}/eval`, (100 * o.correct) / o.images, o.images)
      else means.add(`Training/${task}/regularizer`, o.penalty, o.images)
      for (const [name, value] of o.extra) means.add(`Training/${name}/loss`, value, o.images)
      total += o.loss
      count += 1
    },
    balance: (task: string, pending: ReadonlyMap<string, Tensor>, current: ReadonlyMap<string, Tensor>): void => {
      if (pending.size === 0) return means.add(`Training/${task}/grad_norm`, globalNorm(current), 1)
      const { normA, normB, cosine } = gradientBalance(pending, current)
      means.add('Training/neural/grad_norm', normA, 1)
      means.add(`Training/${task}/grad_norm`, normB, 1)
      if (cosine !== null) means.add('Training/grad_cosine', cosine, 1)
    },
    take: () => means.take(),
    meanLoss: (): number => (count === 0 ? 0 : total / count),
  }
}
