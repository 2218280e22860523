import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { endless, type BatchSource, type CycleStep, type TaskSources } from './source.ts'

export interface SessionCyclerOptions {
  /** `longest`: LongCycler, shorter sessions wrap around; `shortest`: ShortCycler, longer sessions are cut. */
  readonly rounds: 'longest' | 'shortest'
  /** Batches per optimizer step; 0 = one step per round over all sessions. */
  readonly gradAccumStep?: number
}

interface Plan<B> {
  readonly task: string
  readonly sources: readonly (readonly [session: string, source: BatchSource<B>])[]
  readonly length: number
  readonly every: number
}

function planOf<B>(tasks: TaskSources<B>, options: SessionCyclerOptions): Plan<B> {
  const [task, sessions] = [...tasks][0] ?? ['', new Map<string, BatchSource<B>>()]
  const sources = [...sessions]
  if (sources.length === 0) {
    throw new CotrainError({
      code: 'data-missing',
      path: task,
      message: 'There are no training batches to cycle over.',
    })
  }
  const accumulate = options.gradAccumStep ?? 0
  if (!Number.isInteger(accumulate) || accumulate < 0) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'trainer.train_cycler_args.grad_accum_step',
      message: `expected a whole number of at least 0, got ${accumulate}.`,
      hint: 'Use 0 for one step per round over all sessions.',
    })
  }
  const lengths = sources.map(([, source]) => source.batches)
  const rounds = options.rounds === 'longest' ? Math.max(...lengths) : Math.min(...lengths)
  return {
    task,
    sources,
    length: rounds * sources.length,
    every: accumulate === 0 ? sources.length : accumulate,
  }
}

/**
 * One epoch over the sessions of the first task in turn (neural_cotraining LongCycler and ShortCycler). Other tasks are
 * not visited. Batches left over after the last step never reach the optimizer.
 */
export async function* sessionCycle<B>(
  tasks: TaskSources<B>,
  options: SessionCyclerOptions,
): AsyncGenerator<CycleStep<B>> {
  const { task, sources, length, every } = planOf(tasks, options)
  const turns = sources.map(([session, source]) => ({ session, source: endless(source) }))
  try {
    for (let i = 0; i < length; i++) {
      const { session, source } = turns[i % turns.length]! // index is below the length
      yield { task, session, batch: await source.next(), step: (i + 1) % every === 0 }
    }
  } finally {
    for (const { source } of turns) await source.close()
  }
}

/** Batches of one epoch; reported and real length agree for these cyclers. */
export function sessionCycleLength<B>(tasks: TaskSources<B>, options: SessionCyclerOptions): number {
  return planOf(tasks, options).length
}
