import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { plainEnd } from '../../../src-shared/contract/run-end.ts'
import { lastSignText } from '../../../src-shared/contract/progress-text.ts'
import type { WorkerNews } from '../../../src-shared/contract/worker.ts'
import type { Lock } from '../../disk/file-lock.ts'
import { readText } from '../../disk/read-json.ts'
import type { ComputeDevice } from '../../io/native/devices/compute-devices.ts'
import { readLive, writeDevice, writeExit } from '../../store/files/run-folder.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import { crashOf } from '../workers/failure.ts'
import type { MakeCommand, StartWorker } from '../workers/worker-process.ts'
import { startWorker } from '../workers/worker-process.ts'
import { readableRun } from './placed-runs.ts'
import { withNextTry } from './next-try.ts'
import { noteRefusal, noteWorker } from './start-tries.ts'
import type { RunQueue } from './run-queue.ts'

/** Exit code of a worker that found another one at work (EX_TEMPFAIL of sysexits.h): no failure of the run. */
export const EXIT_LOCKED = 75
/** Signals by which a person or the system ends a process; all others are crashes. */
const ENDED_BY = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'])

/** What starting a worker takes. */
export interface StartOptions {
  readonly store: RunStore
  readonly queue: RunQueue
  /** Asked for each worker, since settings may have changed. */
  readonly command: MakeCommand
  readonly onNews?: (id: string, news: WorkerNews) => void
  /** Pauses before a run is tried again, in ms; those of the rule by default. */
  readonly retryPauses?: readonly number[]
  /** How a worker is started: a process of its own by default. */
  readonly startWorker?: StartWorker
}

/** A run that is being started: it stays in the queue until its worker shows, so that a crash loses nothing. */
interface Claim {
  readonly lock: Lock
  /** Where it computes; null on the processor. */
  readonly device: ComputeDevice | null
  /** Segment of the run and length of its output before the start: what is beyond belongs to this worker. */
  readonly segment: number
  readonly outputFrom: number
}

/** The runs that this process has started and that still stand in the queue. */
export interface Starts {
  readonly claims: ReadonlyMap<string, Claim>
  begin(id: string, lock: Lock, device: ComputeDevice | null): Promise<void>
  /** The run has left the queue for good: its worker wrote so, or ended. */
  letGo(id: string): Promise<void>
}

export function createStarts(
  options: StartOptions,
  complain: (error: unknown) => void,
  onEnded: () => Promise<void>,
): Starts {
  const { store, queue } = options
  const claims = new Map<string, Claim>()
  const letGo = async (id: string): Promise<void> => {
    const claim = claims.get(id)
    if (claim === undefined) return
    claims.delete(id)
    // Still queued: somebody has put it back already, or its worker found the lock held. It stays in its place.
    if (readableRun(store, id)?.status !== 'queued') await queue.remove(id).catch(ignoreNotListed)
    claim.lock.release()
  }
  const begin: Starts['begin'] = async (id, lock, device) => {
    const { folder, output } = store.files(id)
    const { segment, config } = store.read(id)
    const claim = { lock, device, segment, outputFrom: readText(output)?.length ?? 0 }
    claims.set(id, claim)
    const giveUp = (): void => {
      claims.delete(id)
      lock.release()
    }
    let command
    try {
      command = await options.command(device, [config.trainer])
      // Before the worker: whoever supervises next must know where it computes.
      if (device !== null && store.exists(id)) {
        const { uuid, index, name } = device
        await writeDevice(store.disk, folder, { uuid, index, name, segment })
      }
    } catch (error) {
      giveUp()
      await noteRefusal(store, id, error)
      throw error
    }
    // That takes a moment, in which a person may have taken the run out.
    if (readableRun(store, id)?.status !== 'queued') return giveUp()
    try {
      await noteWorker(store, id)
    } catch (error) {
      giveUp()
      if (readableRun(store, id)?.status === 'failed') await queue.remove(id).catch(ignoreNotListed)
      throw error
    }
    const worker = (options.startWorker ?? startWorker)(command, id, output, (news) =>
      options.onNews?.(id, news),
    )
    worker.ended
      .then(async (end) => {
        await settle(options, id, claim, { pid: worker.pid, ...end }).catch(complain)
        await letGo(id)
        await onEnded()
      })
      .catch(complain)
  }
  return { claims, begin, letGo }
}

/** Somebody has already put the run back into the queue after this worker's end. */
function isRequeued(store: RunStore, id: string, claim: Claim): boolean {
  if (!store.exists(id)) return false
  const { status, segment } = store.read(id)
  return status === 'queued' && segment > claim.segment
}

/** Writes down how a worker ended. A crash is a failure; a run that was killed shows as interrupted by itself. */
async function settle(
  { store, retryPauses }: StartOptions,
  id: string,
  claim: Claim,
  { pid, code, signal }: { pid: number; code: number | null; signal: string | null },
): Promise<void> {
  if (code === EXIT_LOCKED || !store.exists(id) || isRequeued(store, id, claim)) return
  const { folder, output } = store.files(id)
  const record = store.read(id)
  const keep = async (ended: RunRecord): Promise<void> => {
    const next = withNextTry(store, ended, signal, retryPauses)
    if (next.retry !== record.retry || ended.status !== record.status) await store.write(next)
  }
  // The worker has said itself why.
  if (record.status === 'failed') return await keep(record)
  if (record.status !== 'queued' && record.status !== 'interrupted') return
  const at = store.now()
  await writeExit(store.disk, folder, { pid, code, signal, at, segment: record.segment })
  const words = (readText(output) ?? '').slice(claim.outputFrom)
  // Still queued: it was gone before it took the run, and a sign of life there is that of an earlier worker.
  const sign = record.status === 'queued' ? null : readLive(folder)
  const problem = crashOf(code, signal, words, sign === null ? '' : lastSignText(sign, at))
  const wasKilled = signal !== null && ENDED_BY.has(signal)
  // A batch system that kills for memory says so.
  if (record.status === 'interrupted' && wasKilled && problem.code !== 'out-of-memory')
    return await keep(store.read(id))
  await keep({
    ...record,
    status: 'failed',
    reason: problem.message,
    problem,
    end: plainEnd('error', record.epoch),
    endedAt: at,
  })
}

/** For changes of a run that may have left the queue meanwhile. */
export function ignoreNotListed(error: unknown): void {
  if (!(error instanceof CotrainError) || error.code !== 'not-found') throw error
}
