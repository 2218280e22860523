import type { Rng } from '../../../src-shared/util/rng.ts'
import type { NeuralSet, TaskLoaders, TaskName } from '../types.ts'
import { classify } from './classify.ts'
import type { Network } from './network.ts'
import { predictSession } from './predict-responses.ts'
import { relay } from './relay.ts'
import { meanCorrelation, quickScores } from './score-session.ts'

/** Validation value of one task: `eval` is accuracy in percent or mean single-trial correlation. */
export interface Validation {
  readonly eval: number
  /** Mean cross entropy, or summed Poisson loss. */
  readonly loss: number
}

/** Validates every task of the validation set; yields text and share of the current set. */
export async function* validate(
  network: Network,
  loaders: TaskLoaders,
  tasks: readonly TaskName[],
  keep: number,
  rng: Rng,
): AsyncGenerator<{ detail: string; fraction: number }, ReadonlyMap<TaskName, Validation>> {
  const out = new Map<TaskName, Validation>()
  for (const task of tasks) {
    const sessions = loaders[task]
    if (sessions === undefined || sessions.size === 0) continue
    const detail = `${task} validation`
    const work =
      task === 'img_classification'
        ? images(network, sessions, keep, rng)
        : responses(network, task, sessions, rng)
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
    const scores = yield* classify(network, loader, rng.fork(loader.key), keep)
    correct += scores.accuracy * scores.images
    loss += scores.loss * scores.images
    count += scores.images
  }
  return { eval: correct / count, loss: loss / count }
}

async function* responses(
  network: Network,
  area: NeuralSet,
  sessions: Sessions,
  rng: Rng,
): AsyncGenerator<number, Validation> {
  const scores = []
  for (const loader of sessions.values()) {
    scores.push(quickScores(yield* predictSession(network, area, loader, rng.fork(loader.key))))
  }
  return {
    eval: meanCorrelation(scores.map((s) => s.correlation)),
    loss: scores.reduce((sum, s) => sum + s.poisson, 0),
  }
}
