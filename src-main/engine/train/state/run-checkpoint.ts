import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { isLogWeight } from '../../loss/index.ts'
import type { Checkpoint, NamedArray, NamedArrays } from '../../types.ts'
import { isLayerWeights } from '../hooks/layer-weights.ts'
import type { SavedMeans } from './running-means.ts'
import type { StopDecision, StopState } from '../schedule/early-stopping.ts'
import type { TrainingState } from './training-state.ts'

/** Position of a run apart from its arrays. Plain JSON. */
export interface RunPosition {
  /** Whole epochs so far. */
  epoch: number
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
  /** Training numbers since the last report. */
  tally: SavedMeans
  rates: readonly number[]
}

const PARAM = 'param/'
const BEST = 'best/'
const OPTIM = 'optim/'
const START = 'start/'

const prefixed = (prefix: string, arrays: NamedArrays): [string, NamedArray][] =>
  [...arrays].map(([name, array]) => [`${prefix}${name}`, array])

const withPrefix = (prefix: string, arrays: NamedArrays): NamedArrays =>
  new Map([...arrays].filter(([n]) => n.startsWith(prefix)).map(([n, a]) => [n.slice(prefix.length), a]))

/** What a checkpoint holds besides the state that moves. */
export interface Companions {
  /** Best weights so far; null: the current weights are the best ones, or there are none yet. */
  readonly best: NamedArrays | null
  /** Weights that the run started from, where a module needs them to the end. */
  readonly start: NamedArrays | null
}

/** Everything a run needs to go on exactly here. */
export async function saveRun(
  state: TrainingState,
  position: RunPosition,
  also: Companions,
): Promise<Checkpoint> {
  const params = await state.store.read()
  const optimizer = await state.optimizer.save()
  return {
    arrays: new Map([
      ...prefixed(PARAM, params),
      ...prefixed(OPTIM, optimizer.arrays),
      ...prefixed(BEST, also.best ?? new Map()),
      ...prefixed(START, also.start ?? new Map()),
    ]),
    state: { version: 1, position: copyOf(position), optimizer: optimizer.counters },
  }
}

const copyOf = <T>(value: T): T => structuredClone(value)

/** The weights of the network at a checkpoint, without those of losses and without what the optimizer remembers. */
export const savedWeights = (arrays: NamedArrays): NamedArrays =>
  new Map([...withPrefix(PARAM, arrays)].filter(([name]) => !isLogWeight(name) && !isLayerWeights(name)))

/** Weights that the saved run started from, where they were kept. */
export function savedStart(saved: Checkpoint | null): NamedArrays | null {
  const start = saved === null ? new Map() : withPrefix(START, saved.arrays)
  return start.size > 0 ? start : null
}

/**
 * Puts a saved run back; returns its position and the best weights so far (null where the current ones are).
 * @throws CotrainError when the checkpoint is of another model.
 */
export function restoreRun(
  state: TrainingState,
  saved: Checkpoint,
): { position: RunPosition; best: NamedArrays | null } {
  const params = withPrefix(PARAM, saved.arrays)
  checkFit(state, params)
  state.store.load(params)
  state.optimizer.load({
    arrays: withPrefix(OPTIM, saved.arrays),
    counters: saved.state['optimizer'] as Record<string, unknown>,
  })
  const best = withPrefix(BEST, saved.arrays)
  return { position: copyOf(saved.state['position'] as RunPosition), best: best.size > 0 ? best : null }
}

function checkFit(state: TrainingState, params: NamedArrays): void {
  const wrong = state.store.names.filter((name) => {
    const shape = state.store.tensors.get(name)?.shape ?? []
    return params.get(name)?.shape.join() !== shape.join()
  })
  if (wrong.length === 0 && params.size === state.store.names.length) return
  throw new CotrainError({
    code: 'file-invalid',
    path: 'checkpoint',
    message: `the checkpoint has ${params.size} tensors of another model; ${wrong[0] ?? 'some'} does not fit.`,
    hint: 'Start the run anew; checkpoints go on only with the config they were made with.',
  })
}
