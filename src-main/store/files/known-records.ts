import { stampOf } from '../../disk/stamp.ts'
import { runLayout } from './layout.ts'
import { readRecord } from './run-folder.ts'
import type { RunRecord } from './run-record.ts'

/** A comparison has at most 200 runs, and its views ask for all of them several times. */
const KEPT = 250

/** Reads records, each anew only where its file has changed. @throws CotrainError as {@link readRecord} does */
export function knownRecords(): (folder: string) => RunRecord {
  const known = new Map<string, { readonly stamp: string; readonly record: RunRecord }>()
  return (folder) => {
    // Before reading: what comes in between is read again.
    const stamp = stampOf(runLayout(folder).record)
    const before = known.get(folder)
    known.delete(folder)
    const entry = before?.stamp === stamp ? before : { stamp, record: readRecord(folder) }
    known.set(folder, entry)
    for (const oldest of known.keys()) {
      if (known.size <= KEPT) break
      known.delete(oldest)
    }
    return entry.record
  }
}
