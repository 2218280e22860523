import type { Cycler } from './build-cycler.ts'
import type { TaskSources } from './source.ts'

/** Batches by task and session. */
export type BatchCounts = Readonly<Record<string, Readonly<Record<string, number>>>>

/** Sources without data, to walk a cycler with. */
function blankSources(sizes: BatchCounts): TaskSources<null> {
  const source = (key: string, batches: number) => ({
    key,
    batches,
    open: () => Array.from({ length: batches }, () => null),
  })
  return new Map(
    Object.entries(sizes).map(([task, sessions]) => [
      task,
      new Map(Object.entries(sessions).map(([key, batches]) => [key, source(key, batches)])),
    ]),
  )
}

/**
 * Batches of each task and session that reach the optimizer in an epoch: the cycler itself is walked, over sources of these
 * sizes (batches in one pass), and what follows the last step of the epoch does not count.
 */
export async function trainedBatches(
  cycler: Cycler,
  sizes: BatchCounts,
  epoch: number,
): Promise<BatchCounts> {
  const counts: Record<string, Record<string, number>> = Object.fromEntries(
    Object.entries(sizes).map(([task, sessions]) => [
      task,
      Object.fromEntries(Object.keys(sessions).map((key) => [key, 0])),
    ]),
  )
  let pending: { task: string; session: string }[] = []
  for await (const { task, session, step } of cycler.epoch(blankSources(sizes), epoch)) {
    pending.push({ task, session })
    if (!step) continue
    for (const done of pending) {
      const of = (counts[done.task] ??= {})
      of[done.session] = (of[done.session] ?? 0) + 1
    }
    pending = []
  }
  return counts
}
