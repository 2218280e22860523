import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { neuralBatchesBefore, neuralBatchesIn, type RatioRule } from './ratio.ts'
import { endless, type BatchSource, type CycleStep, type Endless, type TaskSources } from './source.ts'

export interface MtlCyclerOptions {
  /** Task whose batches pace the epoch and trigger the optimizer. */
  readonly mainTask: string
  /** Batches of every other set per main batch; 0 leaves them out. */
  readonly ratio: number
  readonly rule?: RatioRule
}

interface Turn<B> {
  readonly session: string
  readonly source: Endless<B>
}

function mainSource<B>(tasks: TaskSources<B>, mainTask: string): BatchSource<B> {
  const first = tasks.get(mainTask)?.values().next()
  if (first !== undefined && first.done !== true) return first.value
  throw new CotrainError({
    code: 'config-invalid',
    path: 'trainer.train_cycler_args.main_key',
    message: `there are no training batches of ${mainTask}; the data set has ${[...tasks.keys()].join(', ') || 'none'}.`,
    hint: 'Name a task of the data set.',
  })
}

/** Endless round robin over the sessions of a set, starting with the first one. */
function roundRobin<B>(sessions: ReadonlyMap<string, BatchSource<B>>): () => Turn<B> {
  const turns = [...sessions].map(([session, source]) => ({ session, source: endless(source) }))
  let next = 0
  return () => turns[next++ % turns.length] as Turn<B> // callers skip sets without sessions
}

/**
 * One epoch of interleaved tasks (neural_cotraining MTL_Cycler): before each main batch `ratio` batches of every other
 * set, one session after the other; only the main batch triggers a step, so the gradients of the neural batches since
 * the last step add to it. Round robins restart with each epoch.
 */
export async function* mtlCycle<B>(
  tasks: TaskSources<B>,
  options: MtlCyclerOptions,
): AsyncGenerator<CycleStep<B>> {
  const { mainTask, ratio, rule } = options
  const main = mainSource(tasks, mainTask)
  const mainTurn: Turn<B> = { session: main.key, source: endless(main) }
  const others = [...tasks].filter(([task, sessions]) => task !== mainTask && sessions.size > 0)
  const rounds = others.map(([task, sessions]) => ({ task, turn: roundRobin(sessions) }))
  const opened = new Set<Turn<B>>([mainTurn])
  const step = async (task: string, turn: Turn<B>): Promise<CycleStep<B>> => {
    opened.add(turn)
    return { task, session: turn.session, batch: await turn.source.next(), step: task === mainTask }
  }
  try {
    for (let i = 0; i < main.batches; i++) {
      const count = neuralBatchesBefore(i, ratio, rule)
      for (const { task, turn } of rounds) {
        for (let k = 0; k < count; k++) yield await step(task, turn())
      }
      yield await step(mainTask, mainTurn)
    }
  } finally {
    for (const { source } of opened) await source.close()
  }
}

/** Batches an epoch really has, and the length the published cycler reports (it assumes fractions never round). */
export function mtlCycleLength<B>(
  tasks: TaskSources<B>,
  options: MtlCyclerOptions,
): { actual: number; reported: number } {
  const { mainTask, ratio, rule } = options
  const main = mainSource(tasks, mainTask).batches
  const published = tasks.size - 1
  const sets = [...tasks].filter(([task, sessions]) => task !== mainTask && sessions.size > 0).length
  return {
    actual: main + sets * neuralBatchesIn(main, ratio, rule),
    reported: Math.trunc(main * (ratio * published + 1)),
  }
}
