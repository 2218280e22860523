import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { StoredCheckpoint } from '../../store/files/checkpoint-folder.ts'
import { keptCheckpoints } from '../../store/files/checkpoint-folder.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'

/**
 * The moments of a run to come back to, newest first: for each epoch the one checkpoint that stands for it. A stop within the next epoch
 * has the same number and more steps: the one with fewer is the end of the epoch.
 */
export function keptMoments(store: RunStore, { id, identity }: RunRecord): readonly StoredCheckpoint[] {
  const own = keptCheckpoints(store.files(id).checkpoints).filter(
    ({ manifest }) => manifest.config === identity.config,
  )
  return [...new Map(own.map((one) => [one.manifest.epoch, one])).values()]
}

/**
 * The checkpoint at the end of an epoch, the last one unless named.
 * @throws CotrainError `run-state` naming the run and the epochs that are kept
 */
export function checkpointOf(store: RunStore, record: RunRecord, epoch: number | null): StoredCheckpoint {
  const kept = keptMoments(store, record)
  const found = epoch === null ? kept[0] : kept.find(({ manifest }) => manifest.epoch === epoch)
  if (found !== undefined) return found
  const epochs = kept.map(({ manifest }) => manifest.epoch).reverse()
  const message =
    kept.length === 0
      ? 'it has no checkpoint to go on from.'
      : `there is no checkpoint of epoch ${epoch}; kept are those of ${epochs.join(', ')}.`
  const hint =
    kept.length === 0
      ? 'Train it again.'
      : 'Choose one of them; chkpt_options.keep_every_n of the trainer keeps more.'
  throw new CotrainError({ code: 'run-state', path: record.id.slice(0, 10), message, hint })
}
