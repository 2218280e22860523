import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { plainEnd } from '../../../src-shared/contract/run-end.ts'
import { readText } from '../../disk/read-json.ts'
import type { StartTries } from '../../store/files/start-file.ts'
import { readTries, writeTries } from '../../store/files/start-file.ts'
import type { RunStore } from '../../store/run-store.ts'
import { crashOf } from '../workers/failure.ts'
import { readableRun } from './placed-runs.ts'
import { MOST_WORKERS, pauseAfterRefusals } from './retry-rule.ts'

const triesOf = (store: RunStore, id: string): StartTries | null => {
  const run = readableRun(store, id)
  return run === null ? null : readTries(store.files(id).folder, run.segment)
}

/** When a run may be started, in ms since 1970; 0: now. */
export function startsAt(store: RunStore, id: string): number {
  const tries = triesOf(store, id)
  return tries === null || tries.refusals === 0 ? 0 : tries.at + pauseAfterRefusals(tries.refusals)
}

/** Why a waiting run was not started, in words for the queue; null where nothing stood in its way. */
export function refusalText(store: RunStore, id: string): string | null {
  const tries = triesOf(store, id)
  if (tries === null || tries.refusals === 0) return null
  const seconds = Math.max(0, Math.ceil((tries.at + pauseAfterRefusals(tries.refusals) - store.now()) / 1000))
  const times = tries.refusals === 1 ? 'once' : `${tries.refusals} times`
  return `its start was refused ${times}, next try in ${seconds} s: ${tries.reason}`
}

const noTries = (segment: number): StartTries => ({ segment, workers: 0, refusals: 0, reason: '', at: 0 })

/** Writes down that a start was refused. */
export async function noteRefusal(store: RunStore, id: string, error: unknown): Promise<void> {
  const run = readableRun(store, id)
  if (run === null) return
  const { folder } = store.files(id)
  const before = readTries(folder, run.segment) ?? noTries(run.segment)
  const reason = error instanceof Error ? error.message : String(error)
  await writeTries(store.disk, folder, { ...before, refusals: before.refusals + 1, reason, at: store.now() })
}

/**
 * Writes down that a worker is about to be started.
 * @throws CotrainError `engine-failed` where too many were gone before they took the run; it is then written down as failed
 */
export async function noteWorker(store: RunStore, id: string): Promise<void> {
  const record = store.read(id)
  const { folder, output } = store.files(id)
  const before = readTries(folder, record.segment) ?? noTries(record.segment)
  const at = store.now()
  if (before.workers < MOST_WORKERS)
    return writeTries(store.disk, folder, { ...noTries(record.segment), workers: before.workers + 1, at })
  const words = crashOf(null, null, readText(output) ?? '').message.replace(/^[^.]*\. ?/, '')
  const problem = {
    code: 'engine-failed' as const,
    path: id.slice(0, 10),
    message:
      `${MOST_WORKERS} workers were gone before they took it, and so was the service that had started them. ${words}`.trim(),
    hint: 'See the free memory and `cotrain doctor`, then retry.',
  }
  await store.write({
    ...record,
    status: 'failed',
    reason: problem.message,
    problem,
    end: plainEnd('error', record.epoch),
    endedAt: at,
  })
  throw new CotrainError(problem)
}
