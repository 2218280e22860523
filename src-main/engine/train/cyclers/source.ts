import { CotrainError } from '../../../../src-shared/contract/errors.ts'

/** Anything that yields its batches anew each time it is opened: a data loader, or a list of names in a test. */
export interface BatchSource<B> {
  readonly key: string
  /** Batches in one pass. */
  readonly batches: number
  /** Starts a pass; `pass` counts restarts within one epoch from 0, so that a shuffling source can reshuffle. */
  open(pass: number): AsyncIterable<B> | Iterable<B>
}

/** Sources of every task in a fixed order; classification has one session, a neural area one per recording. */
export type TaskSources<B> = ReadonlyMap<string, ReadonlyMap<string, BatchSource<B>>>

/** One batch on its way to the model. `step`: the optimizer moves after this batch and gradients start anew. */
export interface CycleStep<B> {
  readonly task: string
  readonly session: string
  readonly batch: B
  readonly step: boolean
}

/** A source that restarts when it is exhausted. `close` releases the pass that is under way. */
export interface Endless<B> {
  next(): Promise<B>
  close(): Promise<void>
}

function iteratorOf<B>(pass: AsyncIterable<B> | Iterable<B>): AsyncIterator<B> | Iterator<B> {
  return Symbol.asyncIterator in pass ? pass[Symbol.asyncIterator]() : pass[Symbol.iterator]()
}

/**
 * Repeats a source without end; each restart opens a fresh pass, nothing is cached.
 * @throws CotrainError `data-missing` when a pass yields no batch, which would never end.
 */
export function endless<B>(source: BatchSource<B>): Endless<B> {
  let pass = 0
  let iterator: AsyncIterator<B> | Iterator<B> | null = null
  const restart = (): AsyncIterator<B> | Iterator<B> => (iterator = iteratorOf(source.open(pass++)))
  const next = async (): Promise<B> => {
    const first = await (iterator ?? restart()).next()
    if (first.done !== true) return first.value
    const again = await restart().next()
    if (again.done !== true) return again.value
    throw new CotrainError({
      code: 'data-missing',
      path: source.key,
      message: `The loader of ${source.key} yields no batch.`,
      hint: 'Give it at least one example, or take it out of the run.',
    })
  }
  return {
    next,
    close: async () => {
      await iterator?.return?.()
      iterator = null
    },
  }
}
