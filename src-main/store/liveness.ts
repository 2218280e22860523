import { statSync } from 'node:fs'
import { plainEnd } from '../../src-shared/contract/run-end.ts'
import type { RunStatus } from '../../src-shared/contract/run.ts'
import { LIVE } from '../../src-shared/contract/run.ts'
import { lockHolder } from '../disk/file-lock.ts'
import { runLayout } from './files/layout.ts'
import { lastSignText } from '../../src-shared/contract/progress-text.ts'
import { sizeText } from '../../src-shared/util/size-text.ts'
import { isAlive } from '../disk/process-identity.ts'
import { readExit, readLive, readStopOrder } from './files/run-folder.ts'
import type { RunRecord } from './files/run-record.ts'

/** A process on another machine cannot be asked; its sign of life comes every second, so minutes of silence mean death. */
const REMOTE_SILENCE_MS = 120_000

/** Whether a process works on the run right now: the holder of its lock, known by number and start time. */
export function hasLiveWorker(folder: string, now: number): boolean {
  const layout = runLayout(folder)
  const holder = lockHolder(layout.lock)
  if (holder === null) return false
  const alive = isAlive(holder)
  if (alive !== null) return alive
  const sign = statSync(layout.live, { throwIfNoEntry: false })?.mtimeMs ?? statSync(layout.lock).mtimeMs
  return now - sign < REMOTE_SILENCE_MS
}

/**
 * The status as it really is: what the record says, except that a working run without a process was interrupted and
 * one that has been told to stop is stopping. `reread` gives the record again: a worker may have ended in between.
 */
export function effectiveRecord(
  folder: string,
  record: RunRecord,
  now: number,
  reread: () => RunRecord,
): RunRecord {
  if (!LIVE.has(record.status)) return record
  if (hasLiveWorker(folder, now))
    return readStopOrder(folder) === null ? record : { ...record, status: 'stopping' }
  const again = reread()
  return LIVE.has(again.status) ? interrupted(folder, again) : again
}

function interrupted(folder: string, record: RunRecord): RunRecord {
  const exit = readExit(folder)
  const known = exit !== null && exit.segment === record.segment ? exit : null
  const lastSign = statSync(runLayout(folder).live, { throwIfNoEntry: false })?.mtimeMs ?? null
  const how =
    known === null
      ? 'is gone'
      : known.signal === null
        ? `ended with code ${known.code}`
        : `was ended by ${known.signal}`
  const sign = readLive(folder)
  const seen = sign === null ? '' : ` ${lastSignText(sign, known?.at ?? null)}`
  const saved =
    record.step > 0 ? ` The last saved numbers are of epoch ${record.epoch}, step ${record.step}.` : ''
  const where = `${seen}${saved}`
  const status: RunStatus = 'interrupted'
  const resume = `continue with \`cotrain resume ${record.id.slice(0, 10)}\`; it goes on from the last checkpoint.`
  const full = known?.signal === 'SIGKILL' ? mostOfMemory(folder, record) : null
  const problem =
    full === null
      ? {
          code: 'engine-failed',
          message: `the process that worked on this run ${how}.${where}`,
          hint: `C${resume.slice(1)}`,
        }
      : {
          code: 'out-of-memory',
          message: `the process that worked on this run ${how}; it had ${full}.${where}`,
          hint: `Most likely the system ended it because memory ran out: queue a copy with half the batch, or close other programs and ${resume}`,
        }
  return {
    ...record,
    status,
    reason: problem.message,
    problem,
    end: plainEnd('process-gone', record.epoch),
    endedAt: known?.at ?? lastSign ?? record.startedAt,
  }
}

/** A process with more than this part of the machine's memory is the first that Linux ends when memory runs out. */
const MOST = 0.5

/** What a process had of the memory of its machine at its last sign of life, where that was most of it; else null. */
function mostOfMemory(folder: string, { environment }: RunRecord): string | null {
  const had = readLive(folder)?.memoryBytes ?? 0
  const all = environment?.memoryBytes ?? Infinity
  return had > MOST * all ? `${sizeText(had)} of ${sizeText(all)} of memory` : null
}
