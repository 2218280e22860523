import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { checkpointFolders } from '../../store/files/checkpoint-folder.ts'
import { readLive, readStopOrder } from '../../store/files/run-folder.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import { afterTry, isDue, passingCause } from './retry-rule.ts'

/** The record of a run that has ended, with when it is tried again where the cause may pass; as it is for any other end. */
export function withNextTry(
  store: RunStore,
  record: RunRecord,
  signal: string | null,
  pauses?: readonly number[],
): RunRecord {
  const { folder, checkpoints } = store.files(record.id)
  const cause = record.problem === null ? null : passingCause(record.problem, signal)
  // Who was asked to stop is not started again, however the process ended.
  if (cause === null || readStopOrder(folder) !== null) return record
  const tried = {
    at: store.now(),
    cause,
    step: Math.max(record.step, readLive(folder)?.step ?? 0),
    checkpoint: checkpointFolders(checkpoints)[0]?.step ?? -1,
  }
  return { ...record, retry: afterTry(record.retry, tried, pauses) }
}

/** Runs whose next try is due, the one that has waited longest first. */
export const dueRuns = (store: RunStore): string[] =>
  store
    .list({ status: ['failed', 'interrupted'] })
    .runs.filter(({ retry }) => isDue(retry?.nextAt ?? null, store.now()))
    .toSorted((a, b) => (a.retry?.nextAt ?? 0) - (b.retry?.nextAt ?? 0))
    .map(({ id }) => id)

/** What the queue says of a run that is tried again. */
export const tryText = ({ retry }: RunRecord): string =>
  retry === undefined
    ? 'tried again'
    : `try ${retry.attempts.length + 1} of ${retry.most}: ${retry.attempts.at(-1)?.cause}`

/** The run is not tried again by itself; a person may still resume it. @throws CotrainError `run-state` where no try was to come */
export async function cancelNextTry(store: RunStore, record: RunRecord): Promise<void> {
  if (record.retry === undefined || record.retry.nextAt === null)
    throw new CotrainError({
      code: 'run-state',
      path: record.id.slice(0, 10),
      message: `a run that is ${record.status} cannot be asked to stop.`,
    })
  await store.write({ ...record, retry: { ...record.retry, nextAt: null, why: 'a person called it off.' } })
}
