import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, slice, tile } from '@tensorflow/tfjs-core'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import { keepClasses } from '../../eval/classify.ts'
import type { TrialContext } from '../../eval/network.ts'
import { trialContext } from '../../eval/network.ts'
import type { Made } from '../../tensor/index.ts'
import { valueAndGrads, workOn } from '../../tensor/index.ts'
import type { Batch, ForwardContext, Grads, ModelOutput, ParamMap, Route, TaskName } from '../../types.ts'
import type { Hook, InputNotes, Moment, Seen } from '../hooks/hook.ts'
import type { TaskObjective } from '../rules/objective.ts'
import type { Notebook, UnreadNumbers } from './batch-numbers.ts'
import { NOTE, notebook, unreadNumbers } from './batch-numbers.ts'
import { collectStatistics, keepStatistics } from './running-statistics.ts'
import type { TrainingState } from '../state/training-state.ts'

export interface GradientJob {
  readonly state: TrainingState
  readonly objectives: ReadonlyMap<TaskName, TaskObjective>
  readonly hooks: readonly Hook[]
  readonly batch: Batch
  readonly route: Route
  readonly moment: Moment
  readonly size: number
  readonly keepClasses: number
  readonly rng: Rng
  /** Given draws for readout positions, in conformance tests. */
  readonly readoutNoise?: Tensor
}

export interface GradientOutcome {
  /** Losses and right answers, still on the device. The caller owns these and `grads`. */
  readonly numbers: UnreadNumbers
  readonly images: number
  readonly grads: Grads
}

/** A task of the batch with what it should answer. */
interface Question {
  readonly route: Route
  readonly target: Tensor
  readonly objective: TaskObjective
}

/** What the forward pass of a batch works with. */
interface Pass {
  readonly job: GradientJob
  readonly questions: readonly Question[]
  readonly inputs: Tensor4D
  readonly examples: number
  readonly notes: InputNotes
  readonly context: ForwardContext
  readonly book: Notebook
}

/** What the program keeps of a step beside its tensors, which are the numbers, the gradients and the statistics in this order. */
interface Beside {
  readonly read: UnreadNumbers['read']
  readonly grads: readonly string[]
  readonly statistics: readonly string[]
}

/** Forward and backward pass of one batch; moves the running statistics, nothing else, and reads nothing back. */
export function gradientStep(job: GradientJob): GradientOutcome {
  const { state, hooks, batch, moment } = job
  const notes: InputNotes = {}
  const inputs = viewsOf(batch.inputs, hooks, moment, notes)
  const examples = batch.targets.shape[0]
  const rows = perTrial(batch, inputs.shape[0] / examples)
  try {
    const compute = (): Made<Beside> => computed(job, inputs, rows, notes)
    const { tensors, beside } = isReplayable(hooks)
      ? state.replayer.run({ ...stepOf(job, inputs, rows), compute })
      : compute()
    const [values, ...rest] = tensors as [Tensor1D, ...Tensor[]] // as `computed` gives them
    const count = beside.grads.length
    keepStatistics(state.store, named(beside.statistics, rest.slice(count)), {
      replayer: state.replayer,
      era: moment.epoch,
    })
    const grads = named(beside.grads, rest.slice(0, count))
    const own = hooks.reduce<Grads>((g, hook) => hook.gradients?.(g, state.store.tensors) ?? g, grads)
    return { numbers: { values, read: beside.read }, images: examples, grads: own }
  } finally {
    disposeCopies(rows, batch)
    if (inputs !== batch.inputs) inputs.dispose()
  }
}

const named = (names: readonly string[], tensors: readonly Tensor[]): ReadonlyMap<string, Tensor> =>
  new Map(names.map((name, i) => [name, tensors[i]!]))

/** A hook within the gradient may decide anew at each batch. */
const isReplayable = (hooks: readonly Hook[]): boolean =>
  hooks.every(({ loss, watch, gradients, capture }) => !loss && !watch && !gradients && !capture)

/** What a step works on, and what its program decides by. */
const stepOf = (
  { state, batch, route, moment, readoutNoise, size, rng }: GradientJob,
  inputs: Tensor4D,
  { behavior, pupil }: TrialContext,
) => ({
  name: Object.values(route).join(' '),
  ...workOn(
    [...Object.values(route), size],
    [inputs, batch.targets, batch.labels, behavior, pupil, readoutNoise],
    state.store.tensors,
  ),
  era: moment.epoch,
  rng,
})

function computed(job: GradientJob, inputs: Tensor4D, rows: TrialContext, notes: InputNotes): Made<Beside> {
  const { state } = job
  const examples = job.batch.targets.shape[0]
  const statistics = collectStatistics()
  const book = notebook()
  const questions = questionsOf(job)
  const context = { ...contextOf(job, statistics.onStatistics), ...rows }
  const pass: Pass = { job, questions, inputs, examples, notes, context, book }
  try {
    const { value, grads } = valueAndGrads(
      (params) => lossOf(pass, params),
      state.store.tensors,
      state.trainable,
    )
    const moved = statistics.moved(state.store.tensors)
    const asked = questions.map((question) => ({ ...question, task: question.route.task }))
    const { values, read } = unreadNumbers(asked, book, value, examples)
    value.dispose()
    return {
      tensors: [values, ...grads.values(), ...moved.values()],
      beside: { read, grads: [...grads.keys()], statistics: [...moved.keys()] },
    }
  } finally {
    book.dispose()
    statistics.dispose()
  }
}

/** Everything that is differentiated: the losses of the tasks and of hooks. */
function lossOf(pass: Pass, params: ParamMap): Scalar {
  const { job, questions, inputs, examples, notes, book } = pass
  const seen = forwardAll(job, questions, inputs, params, pass.context)
  const answers = seen.map(({ output }, i) => answerOf(output, examples, questions[i]!, job.keepClasses))
  const losses = answers.map((output, i) => taskLoss(pass, questions[i]!, output, params))
  const first: Seen = {
    inputs,
    examples,
    output: answers[0]!,
    representations: seen[0]!.representations,
    model: job.state.model,
    params,
    route: job.route,
    notes,
  }
  for (const hook of job.hooks)
    for (const [name, value] of hook.watch?.(first) ?? []) book.note(NOTE.watch(hook.name, name), value)
  return job.hooks.reduce(
    (loss, hook) => {
      const term = hook.loss?.(first)
      if (term === null || term === undefined) return loss
      book.note(NOTE.hook(hook.name), term)
      return add<Scalar>(loss, term)
    },
    losses.reduce((a, b) => add<Scalar>(a, b)),
  )
}

function taskLoss({ job, book }: Pass, question: Question, output: Tensor2D, params: ParamMap): Scalar {
  const { route, target, objective } = question
  const at = { model: job.state.model, params, route, size: job.size }
  const { total, penalty } = objective.of(output, target, at)
  book.noteOutput(route.task, output)
  book.note(NOTE.loss(route.task), total)
  if (penalty !== null) book.note(NOTE.penalty(route.task), penalty)
  return total
}

/** Behaviour and eye positions for each view of the batch. */
function perTrial(batch: Batch, views: number): TrialContext {
  const { behavior, pupil } = trialContext(batch)
  return {
    ...(behavior && { behavior: views === 1 ? behavior : tile(behavior, [views, 1]) }),
    ...(pupil && { pupil: views === 1 ? pupil : tile(pupil, [views, 1]) }),
  }
}

function disposeCopies({ behavior, pupil }: TrialContext, batch: Batch): void {
  if (behavior !== batch.behavior) behavior?.dispose()
  if (pupil !== batch.pupil) pupil?.dispose()
}

function contextOf(
  job: GradientJob,
  onStatistics: NonNullable<ForwardContext['onStatistics']>,
): ForwardContext {
  return {
    training: true,
    rng: job.rng,
    frozenNorms: job.state.frozenNorms,
    onStatistics,
    capture: new Set(job.hooks.flatMap((h) => h.capture ?? [])),
    ...(job.readoutNoise === undefined ? {} : { readoutNoise: job.readoutNoise }),
  }
}

/** The batch's own task, and classification of the same images where they carry labels. */
function questionsOf({ objectives, batch, route, state }: GradientJob): readonly Question[] {
  const own: Question = {
    route,
    target: batch.targets,
    objective: objectives.get(route.task)!,
  }
  const classify = objectives.get('img_classification')
  if (batch.labels === undefined || classify === undefined || route.task === 'img_classification')
    return [own]
  if (state.model.applyBoth === undefined) throw cannotAnswerBoth(route)
  return [own, { route: { task: 'img_classification' }, target: batch.labels, objective: classify }]
}

function forwardAll(
  { state, route }: GradientJob,
  questions: readonly Question[],
  inputs: Tensor4D,
  params: ParamMap,
  context: ForwardContext,
): readonly ModelOutput[] {
  if (questions.length === 1) return [state.model.apply(params, inputs, route, context)]
  const routes = questions.map((q) => q.route)
  return state.model.applyBoth!(params, inputs, routes, context) // questionsOf asked
}

const cannotAnswerBoth = (route: Route): CotrainError =>
  new CotrainError({
    code: 'config-invalid',
    path: 'trainer.config.loss_functions',
    message: `the ${route.task} examples carry class labels, but the model cannot answer both tasks in one pass.`,
    hint: 'Use the shared network (mtl_builder), or train one of the two tasks.',
  })

/** Rows that have a target, and only the classes that count. */
function answerOf(output: Tensor2D, examples: number, { route }: Question, keep: number): Tensor2D {
  const own = output.shape[0] > examples ? slice(output, [0, 0], [examples, -1]) : output
  return route.task === 'img_classification' ? keepClasses(own, keep) : own
}

/** Inputs after every hook that changes them; a new tensor unless no hook does. */
function viewsOf(inputs: Tensor4D, hooks: readonly Hook[], moment: Moment, notes: InputNotes): Tensor4D {
  let current = inputs
  for (const hook of hooks) {
    if (hook.inputs === undefined) continue
    const next = hook.inputs(current, { ...moment, rng: moment.rng.fork(hook.name) }, notes)
    if (current !== inputs) current.dispose()
    current = next
  }
  return current
}

/** Route of a cycler step. */
export const routeOf = (task: TaskName, session: string): Route =>
  task === 'img_classification' ? { task } : { task, session }
