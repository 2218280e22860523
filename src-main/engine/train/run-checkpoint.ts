import type { Checkpoint, NamedArray, NamedArrays } from '../types.ts'
import type { StopDecision, StopState } from './schedule/early-stopping.ts'
import type { TrainingState } from './training-state.ts'

/** Position of a run apart from its arrays. Plain JSON. */
export interface RunPosition {
  /** Optimizer steps so far. */
  step: number
  /** Images seen so far. */
  images: number
  /** Seconds of work so far, earlier processes included. */
  seconds: number
  stop: StopState
  /** What is to be done next, in order. */
  queue: readonly StopDecision[]
  /** Batches of the current epoch that are done; 0 outside an epoch. */
  batchesDone: number
  rates: readonly number[]
}

const PARAM = 'param/'
const BEST = 'best/'
const OPTIM = 'optim/'

const prefixed = (prefix: string, arrays: NamedArrays): [string, NamedArray][] =>
  [...arrays].map(([name, array]) => [`${prefix}${name}`, array])

const withPrefix = (prefix: string, arrays: NamedArrays): NamedArrays =>
  new Map([...arrays].filter(([n]) => n.startsWith(prefix)).map(([n, a]) => [n.slice(prefix.length), a]))

/** Everything a run needs to go on exactly here. `best` null: the current weights are the best ones. */
export async function saveRun(state: TrainingState, position: RunPosition, best: NamedArrays | null): Promise<Checkpoint> {
  const params = await state.store.read()
  const optimizer = await state.optimizer.save()
  return {
    arrays: new Map([
      ...prefixed(PARAM, params),
      ...prefixed(OPTIM, optimizer.arrays),
      ...(best === null ? [] : prefixed(BEST, best)),
    ]),
    state: { version: 1, position: structuredCloneJson(position), optimizer: optimizer.counters },
  }
}

const structuredCloneJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** Puts a saved run back; returns its position and the best weights so far (null where the current ones are). */
export function restoreRun(state: TrainingState, saved: Checkpoint): { position: RunPosition; best: NamedArrays | null } {
  state.store.load(withPrefix(PARAM, saved.arrays))
  state.optimizer.load({
    arrays: withPrefix(OPTIM, saved.arrays),
    counters: saved.state['optimizer'] as Record<string, unknown>,
  })
  const best = withPrefix(BEST, saved.arrays)
  return { position: saved.state['position'] as RunPosition, best: best.size > 0 ? best : null }
}
