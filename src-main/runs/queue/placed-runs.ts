import { LIVE } from '../../../src-shared/contract/run.ts'
import type { RunDevice } from '../../store/files/run-folder.ts'
import { readDevice } from '../../store/files/run-folder.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import { suitedTo } from '../workers/precision-variables.ts'
import type { PlacedRun, WaitingRun } from './placement.ts'

/** The runs at work, each with the device that its folder names: whoever has started it, and whenever. */
export function placedRuns(store: RunStore): (PlacedRun & { readonly id: string })[] {
  return store
    .list({ status: [...LIVE] })
    .runs.map(({ id, name }) => ({ id, name, device: deviceOfRun(store, id)?.uuid ?? null }))
}

/** The card on which the worker of a run computes; null where that is none, or was not written down. */
export const deviceOfRun = (store: RunStore, id: string): RunDevice | null => startedOn(store, id, 1)

/**
 * UUID of the card on which a waiting run was started by a supervisor that died before its worker showed: it may be on its
 * way there, and a second one must not be sent elsewhere.
 */
const likelyDevice = (store: RunStore, id: string): string | undefined => startedOn(store, id, 0)?.uuid

/** A run of the queue as it is placed: with the card that was chosen for it, if any, and what its number format needs. */
export const waitingRun = (store: RunStore, id: string, wish: string | undefined): WaitingRun => ({
  id,
  wish,
  likely: likelyDevice(store, id),
  suits: suitsOf(store, id),
})

/** A run that cannot be read will say so at its start, on any card. */
function suitsOf(store: RunStore, id: string): WaitingRun['suits'] {
  const record = readableRun(store, id)
  return record === null ? undefined : suitedTo([record.config.trainer])
}

/** `ahead`: how many segments the run is beyond the one that stands with the device. Older ones say nothing. */
function startedOn(store: RunStore, id: string, ahead: 0 | 1): RunDevice | null {
  const device = readDevice(store.files(id).folder)
  return device !== null && device.segment + ahead === segmentOf(store, id) ? device : null
}

const segmentOf = (store: RunStore, id: string): number | null => readableRun(store, id)?.segment ?? null

/** null for a run that is gone or cannot be read: it must not hold up the others. */
export function readableRun(store: RunStore, id: string): RunRecord | null {
  try {
    return store.exists(id) ? store.read(id) : null
  } catch {
    return null
  }
}
