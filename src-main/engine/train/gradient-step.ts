import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, argMax, cast, equal, keep, slice, sum, tidy } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../src-shared/util/rng.ts'
import { keepClasses } from '../eval/classify.ts'
import { valueAndGrads } from '../tensor/index.ts'
import type { Batch, ForwardContext, Route, TaskName } from '../types.ts'
import type { Hook, Moment } from './hooks/hook.ts'
import type { TaskObjective } from './objective.ts'
import { collectStatistics } from './running-statistics.ts'
import type { TrainingState } from './training-state.ts'

export interface GradientJob {
  readonly state: TrainingState
  readonly objective: TaskObjective
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
  readonly loss: number
  readonly penalty: number
  /** Loss terms of hooks, by hook name. */
  readonly extra: ReadonlyMap<string, number>
  readonly images: number
  /** Right answers; only for classification. */
  readonly correct: number
  /** The caller owns these. */
  readonly grads: Map<string, Tensor>
}

/** Forward and backward pass of one batch; moves the running statistics, nothing else. */
export function gradientStep(job: GradientJob): GradientOutcome {
  const { state, objective, hooks, batch, route, moment } = job
  const statistics = collectStatistics()
  const kept: Tensor[] = []
  const note = <T extends Tensor>(value: T): T => {
    kept.push(keep(value.clone()))
    return value
  }
  const context: ForwardContext = {
    training: true,
    rng: job.rng,
    frozenNorms: state.frozenNorms,
    onStatistics: statistics.onStatistics,
    capture: new Set(hooks.flatMap((h) => h.capture ?? [])),
    ...(job.readoutNoise === undefined ? {} : { readoutNoise: job.readoutNoise }),
  }
  const inputs = viewsOf(batch.inputs, hooks, moment)
  const examples = batch.targets.shape[0] as number
  const terms: string[] = []
  try {
    const { value, grads } = valueAndGrads(
      (params): Scalar => {
        const seen = state.model.apply(params, inputs, route, context)
        const all = seen.output.shape[0] > examples ? slice(seen.output, [0, 0], [examples, -1]) : seen.output
        const output = route.task === 'img_classification' ? keepClasses(all, job.keepClasses) : all
        note(output)
        const place = { model: state.model, params, route, size: job.size }
        const { total, penalty } = objective(output, batch.targets, place)
        if (penalty !== null) terms.push('penalty')
        if (penalty !== null) note(penalty)
        return hooks.reduce((loss: Scalar, hook) => {
          const term = hook.loss?.({ inputs, examples, output, representations: seen.representations, model: state.model })
          if (term === null || term === undefined) return loss
          terms.push(hook.name)
          note(term)
          return add<Scalar>(loss, term)
        }, total)
      },
      state.store.tensors,
      state.trainable,
    )
    statistics.apply(state.store)
    const changed = hooks.reduce((g, h) => (h.gradients?.(g, state.store.tensors) as Map<string, Tensor>) ?? g, grads)
    const loss = value.dataSync()[0] as number
    value.dispose()
    const [output, ...scalars] = kept
    const parts = new Map(terms.map((name, i) => [name, scalars[i]?.dataSync()[0] ?? 0]))
    return {
      loss,
      penalty: parts.get('penalty') ?? 0,
      extra: new Map([...parts].filter(([name]) => name !== 'penalty')),
      images: examples,
      correct: route.task === 'img_classification' ? correctAnswers(output as Tensor2D, batch.targets) : 0,
      grads: changed,
    }
  } finally {
    for (const value of kept) value.dispose()
    statistics.discard()
    if (inputs !== batch.inputs) inputs.dispose()
  }
}

/** Inputs after every hook that changes them; a new tensor unless no hook does. */
function viewsOf(inputs: Tensor4D, hooks: readonly Hook[], moment: Moment): Tensor4D {
  let current = inputs
  for (const hook of hooks) {
    if (hook.inputs === undefined) continue
    const next = hook.inputs(current, { ...moment, rng: moment.rng.fork(hook.name) })
    if (current !== inputs) current.dispose()
    current = next
  }
  return current
}

const correctAnswers = (logits: Tensor2D, labels: Tensor): number =>
  tidy(() => sum(cast(equal(argMax(logits, 1), cast(labels, 'int32')), 'int32')).dataSync()[0] as number)

/** Route of a cycler step. */
export const routeOf = (task: TaskName, session: string): Route =>
  task === 'img_classification' ? { task } : { task, session }
