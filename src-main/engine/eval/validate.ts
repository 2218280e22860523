import type { Tensor2D } from '@tensorflow/tfjs-core'
import { tensor2d } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../src-shared/util/rng.ts'
import { readNumber } from '../tensor/index.ts'
import type { Loss, NeuralSet, TaskLoaders, TaskName } from '../types.ts'
import { classify } from './classify.ts'
import type { Network } from './network.ts'
import type { SessionPredictions } from './predict-responses.ts'
import { predictSession } from './predict-responses.ts'
import { relay } from './relay.ts'
import { meanCorrelation, quickScores } from './score-session.ts'

/** Validation value of one task: `eval` is accuracy in percent or mean single-trial correlation. */
export interface Validation {
  readonly eval: number
  /** Mean cross entropy, or summed Poisson loss. */
  readonly loss: number
  /** The loss of training, mean per image or per recorded response. */
  readonly criterion: number
}

/** A loss, mean per image or per recorded response. */
export interface Criterion {
  readonly loss: Loss
  /** Whether it takes the parameters of a distribution instead of predicted means. */
  readonly ofParameters: boolean
}

export interface ValidationOptions {
  /** Tasks to validate. */
  readonly criteria: ReadonlyMap<TaskName, Criterion>
  /** Only the first logits count; all for 0 or less. */
  readonly keepClasses: number
}

/** Validates every task of the validation set; yields text and share of the current set. */
export async function* validate(
  network: Network,
  loaders: TaskLoaders,
  { criteria, keepClasses }: ValidationOptions,
  rng: Rng,
): AsyncGenerator<{ detail: string; fraction: number }, ReadonlyMap<TaskName, Validation>> {
  const out = new Map<TaskName, Validation>()
  for (const [task, criterion] of criteria) {
    const sessions = loaders[task]
    if (sessions === undefined || sessions.size === 0) continue
    const detail = `${task} validation`
    const work =
      task === 'img_classification'
        ? images(network, sessions, keepClasses, rng)
        : responses(network, task, sessions, criterion, rng)
    const found = yield* relay(work, (fraction) => ({ detail, fraction }))
    out.set(task, found)
  }
  return out
}

type Sessions = NonNullable<TaskLoaders[TaskName]>

async function* images(
  network: Network,
  sessions: Sessions,
  keep: number,
  rng: Rng,
): AsyncGenerator<number, Validation> {
  let correct = 0
  let loss = 0
  let count = 0
  for (const loader of sessions.values()) {
    const scores = yield* classify(network, loader, rng.fork(loader.stream ?? loader.key), keep)
    correct += scores.accuracy * scores.images
    loss += scores.loss * scores.images
    count += scores.images
  }
  return { eval: correct / count, loss: loss / count, criterion: loss / count }
}

async function* responses(
  network: Network,
  area: NeuralSet,
  sessions: Sessions,
  criterion: Criterion,
  rng: Rng,
): AsyncGenerator<number, Validation> {
  const scores = []
  let total = 0
  let trials = 0
  for (const loader of sessions.values()) {
    const found = yield* predictSession(network, area, loader, rng.fork(loader.stream ?? loader.key))
    scores.push(quickScores(found))
    const given = criterion.ofParameters
      ? yield* predictSession(network, area, loader, rng.fork(loader.stream ?? loader.key), 'parameters')
      : found
    total += (await criterionOf(criterion.loss, given)) * found.trials
    trials += found.trials
  }
  return {
    eval: meanCorrelation(scores.map((s) => s.correlation)),
    loss: scores.reduce((sum, s) => sum + s.poisson, 0),
    criterion: total / trials,
  }
}

function criterionOf(loss: Loss, { predicted, recorded, trials }: SessionPredictions): Promise<number> {
  const rows = (values: Float32Array): Tensor2D => tensor2d(values, [trials, values.length / trials])
  return readNumber(() => loss(rows(predicted), rows(recorded)))
}
