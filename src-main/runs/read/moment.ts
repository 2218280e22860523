import type { Params, Result } from '../../../src-shared/contract/contract.ts'
import { checkpointFault, checkpointSizeFault } from '../../store/files/checkpoint-folder.ts'
import type { RunStore } from '../../store/run-store.ts'
import { checkpointOf } from './kept-moments.ts'
import { describedKeys, valueAt } from './values-at.ts'

/**
 * A run at one of its checkpoints: what was logged in that epoch and which files are kept. `verify` reads the files whole and compares
 * them with what was written. @throws CotrainError `run-state` naming the epochs that are kept
 */
export function momentOf(
  store: RunStore,
  { id, epoch, verify }: Params<'runs.moment'>,
): Result<'runs.moment'> {
  const record = store.read(id)
  const checkpoint = checkpointOf(store, record, epoch)
  const { step, best, at = null, files } = checkpoint.manifest
  return {
    epoch,
    step,
    best,
    at,
    values: valuesAt(store, id, step, epoch),
    files: Object.entries(files).map(([name, { bytes }]) => ({ name, bytes })),
    // Sizes are seen at a glance; content takes seconds where networks are large.
    fault: verify ? checkpointFault(checkpoint) : checkpointSizeFault(checkpoint),
    verified: verify,
    scoredEpoch: record.end?.scoredEpoch ?? null,
  }
}

/** All that was logged in the epoch that ended there. */
function valuesAt(store: RunStore, id: string, step: number, epoch: number): Record<string, number | null> {
  const { series } = store.history(id).read()
  return Object.fromEntries(
    describedKeys(series).flatMap((key) => {
      const column = series.keys.get(key)! // its own key
      const value = valueAt(column, series, { step, since: epoch - 1 })
      return value === null ? [] : [[key, value] as const]
    }),
  )
}
