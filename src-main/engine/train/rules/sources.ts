import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { Batch, TaskLoaders, TaskName } from '../../types.ts'
import type { BatchSource, TaskSources } from '../cyclers/source.ts'
import { TASK_NAMES } from '../../../../src-shared/schema/names.ts'

/** Order in which a combined data set lists its tasks (published order). */
export const TASK_ORDER: readonly TaskName[] = TASK_NAMES

/** The loaders of an epoch as sources for a cycler: each pass draws its order from a stream of its own. */
export function sourcesOf(loaders: TaskLoaders, tasks: readonly TaskName[], rng: Rng): TaskSources<Batch> {
  const out = new Map<string, ReadonlyMap<string, BatchSource<Batch>>>()
  for (const task of TASK_ORDER) {
    const sessions = loaders[task]
    if (!tasks.includes(task) || sessions === undefined || sessions.size === 0) continue
    const stream = rng.fork(task)
    out.set(
      task,
      new Map(
        [...sessions].map(([key, loader]) => [
          key,
          {
            key,
            batches: loader.batches,
            open: (pass) => loader.epoch(stream.fork(loader.stream ?? key).fork(pass)),
          },
        ]),
      ),
    )
  }
  return out
}
