import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, slice } from '@tensorflow/tfjs-core'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { keepClasses } from '../../eval/classify.ts'
import type { TrialContext } from '../../eval/network.ts'
import type { Link, Made } from '../../tensor/index.ts'
import { valueAndGrads, workOn } from '../../tensor/index.ts'
import type { ForwardContext, Grads, ModelOutput, ParamMap, Route } from '../../types.ts'
import type { InputNotes, Seen } from '../hooks/hook.ts'
import type { TaskObjective } from '../rules/objective.ts'
import type { Notebook, UnreadNumbers } from './batch-numbers.ts'
import { NOTE, notebook, unreadNumbers } from './batch-numbers.ts'
import type { GradientJob } from './gradient-job.ts'
import { isReplayable } from './gradient-job.ts'
import type { View } from './batch-view.ts'
import { freeView, viewOf } from './batch-view.ts'
import { collectStatistics, keepStatistics } from './running-statistics.ts'

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

/**
 * Forward and backward passes of batches, each when it is taken; small ones may be computed together. They move the running statistics,
 * nothing else, and read nothing back. The batches, with their draws, are freed.
 */
export function* gradientSteps(jobs: readonly GradientJob[]): Generator<GradientOutcome, void> {
  const views = jobs.map(viewOf)
  try {
    for (const made of inTurn(views)) {
      const view = views.shift()! // as many as there are jobs
      const outcome = outcomeOf(view.job, made)
      freeView(view)
      yield outcome
    }
  } finally {
    views.forEach(freeView)
  }
}

function* inTurn(views: readonly View[]): Generator<Made<Beside>, void> {
  const links = views.map(linkOf)
  const { state, hooks } = views[0]!.job
  if (isReplayable(hooks)) return yield* state.replayer.chain(links)
  for (const { step, keep } of links) {
    const made = step.compute()
    keep(made)
    yield made
  }
}

/** The pass of a batch; the running statistics that it moves are those that the next one starts from. */
function linkOf({ job, inputs, rows, notes }: View): Link<Beside> {
  const { state, moment } = job
  const names = [...state.store.tensors.keys()]
  const { given, ...rest } = stepOf(job, inputs, rows)
  const before = given.length - names.length
  const statisticsOf = ({ grads, statistics }: Beside): ReadonlyMap<string, number> =>
    new Map(statistics.map((name, i) => [name, 1 + grads.length + i]))
  return {
    step: { ...rest, given, compute: () => computed(job, inputs, rows, notes) },
    places: new Map(names.map((name, i) => [name, before + i])),
    renewed: statisticsOf,
    keep: ({ tensors, beside }) => {
      const moved = new Map([...statisticsOf(beside)].map(([name, at]) => [name, tensors[at]!]))
      keepStatistics(state.store, moved, { replayer: state.replayer, era: moment.epoch })
    },
  }
}

/** What is left of a pass when its statistics are kept. */
function outcomeOf({ state, hooks, batch }: GradientJob, { tensors, beside }: Made<Beside>): GradientOutcome {
  const [values, ...rest] = tensors as [Tensor1D, ...Tensor[]] // as `computed` gives them
  const grads: Grads = new Map(beside.grads.map((name, i) => [name, rest[i]!]))
  const own = hooks.reduce((g, hook) => hook.gradients?.(g, state.store.tensors) ?? g, grads)
  return { numbers: { values, read: beside.read }, images: batch.targets.shape[0], grads: own }
}

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
