import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, argMax, cast, equal, keep, slice, sum, tidy, tile } from '@tensorflow/tfjs-core'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import { keepClasses } from '../../eval/classify.ts'
import type { TrialContext } from '../../eval/network.ts'
import { trialContext } from '../../eval/network.ts'
import { valueAndGrads } from '../../tensor/index.ts'
import type { Batch, ForwardContext, Grads, ModelOutput, ParamMap, Route, TaskName } from '../../types.ts'
import type { Hook, InputNotes, Moment, Seen } from '../hooks/hook.ts'
import type { TaskObjective } from '../rules/objective.ts'
import { collectStatistics } from './running-statistics.ts'
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

/** What one task made of a batch. */
interface TaskOutcome {
  readonly task: TaskName
  /** Criterion with weights, scaling and regulariser; of a batch with one task also the terms of hooks (as published). */
  readonly loss: number
  readonly penalty: number
  /** Loss without weights, scaling and regulariser, mean per image or per recorded response. */
  readonly criterion: number
  /** Right answers; only for classification. */
  readonly correct: number
}

export interface GradientOutcome {
  /** Everything that was differentiated. */
  readonly loss: number
  /** One entry, or two where neural examples carry labels. */
  readonly tasks: readonly TaskOutcome[]
  /** Loss terms of hooks, by hook name. */
  readonly extra: ReadonlyMap<string, number>
  /** Other numbers of hooks, by `hook/metric`. */
  readonly watched: ReadonlyMap<string, number>
  readonly images: number
  /** The caller owns these. */
  readonly grads: Grads
}

/** A task of the batch with what it should answer. */
interface Question {
  readonly route: Route
  readonly target: Tensor
  readonly objective: TaskObjective
}

/** Values wanted after the gradient is taken; freed together. */
function notebook() {
  const kept = new Map<string, Tensor>()
  const outputs = new Map<TaskName, Tensor2D>()
  return {
    note: (name: string, value: Tensor): void => void kept.set(name, keep(value.clone())),
    noteOutput: (task: TaskName, output: Tensor2D): void => void outputs.set(task, keep(output.clone())),
    has: (name: string): boolean => kept.has(name),
    output: (task: TaskName): Tensor2D => outputs.get(task)!,
    numbers: (prefix: string): ReadonlyMap<string, number> =>
      new Map(
        [...kept].flatMap(([name, value]) =>
          name.startsWith(prefix) ? [[name.slice(prefix.length), value.dataSync()[0]!] as const] : [],
        ),
      ),
    number: (name: string): number => kept.get(name)?.dataSync()[0] ?? 0,
    dispose: (): void => [...kept.values(), ...outputs.values()].forEach((value) => value.dispose()),
  }
}

type Notebook = ReturnType<typeof notebook>

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

/** Forward and backward pass of one batch; moves the running statistics, nothing else. */
export function gradientStep(job: GradientJob): GradientOutcome {
  const { state, hooks, batch, moment } = job
  const statistics = collectStatistics()
  const book = notebook()
  const notes: InputNotes = {}
  const inputs = viewsOf(batch.inputs, hooks, moment, notes)
  const examples = batch.targets.shape[0]
  const questions = questionsOf(job)
  const rows = perTrial(batch, inputs.shape[0] / examples)
  const context = { ...contextOf(job, statistics.onStatistics), ...rows }
  const pass: Pass = { job, questions, inputs, examples, notes, context, book }
  try {
    const { value, grads } = valueAndGrads(
      (params) => lossOf(pass, params),
      state.store.tensors,
      state.trainable,
    )
    statistics.apply(state.store)
    const loss = value.dataSync()[0]!
    value.dispose()
    return outcomeOf(pass, loss, grads)
  } finally {
    book.dispose()
    statistics.discard()
    disposeCopies(rows, batch)
    if (inputs !== batch.inputs) inputs.dispose()
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
    for (const [name, value] of hook.watch?.(first) ?? []) book.note(`watch ${hook.name}/${name}`, value)
  return job.hooks.reduce(
    (loss, hook) => {
      const term = hook.loss?.(first)
      if (term === null || term === undefined) return loss
      book.note(`hook ${hook.name}`, term)
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
  book.note(`loss ${route.task}`, total)
  if (penalty !== null) book.note(`penalty ${route.task}`, penalty)
  return total
}

function outcomeOf({ job, questions, examples, book }: Pass, loss: number, grads: Grads): GradientOutcome {
  const { hooks, state } = job
  const terms = hooks.filter(({ name }) => book.has(`hook ${name}`))
  return {
    loss,
    tasks: questions.map((question) => taskOutcome(question, book, questions.length === 1 ? loss : null)),
    extra: new Map(terms.map(({ name }) => [name, book.number(`hook ${name}`)])),
    watched: book.numbers('watch '),
    images: examples,
    grads: hooks.reduce((g, hook) => hook.gradients?.(g, state.store.tensors) ?? g, grads),
  }
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

function taskOutcome(
  { route, target, objective }: Question,
  book: Notebook,
  total: number | null,
): TaskOutcome {
  const { task } = route
  const output = book.output(task)
  return {
    task,
    loss: total ?? book.number(`loss ${task}`),
    penalty: book.number(`penalty ${task}`),
    criterion: tidy(() => objective.criterion.loss(output, target).dataSync()[0]!),
    correct: task === 'img_classification' ? correctAnswers(output, target) : 0,
  }
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

const correctAnswers = (logits: Tensor2D, labels: Tensor): number =>
  tidy(() => sum(cast(equal(argMax(logits, 1), cast(labels, 'int32')), 'int32')).dataSync()[0]!)

/** Route of a cycler step. */
export const routeOf = (task: TaskName, session: string): Route =>
  task === 'img_classification' ? { task } : { task, session }
