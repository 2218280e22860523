import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { plainEnd } from '../../../src-shared/contract/run-end.ts'
import type { WorkerNews } from '../../../src-shared/contract/worker.ts'
import { LIVE } from '../../../src-shared/contract/run.ts'
import type { Lock } from '../../disk/file-lock.ts'
import { lockHolder, tryLock } from '../../disk/file-lock.ts'
import { isAlive } from '../../disk/process-identity.ts'
import { readText } from '../../disk/read-json.ts'
import { clearStopOrder, readStopOrder, writeExit, writeStopOrder } from '../../store/files/run-folder.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import { canHappen, transition } from '../../store/status.ts'
import { crashOf } from '../workers/failure.ts'
import type { RunQueue } from './run-queue.ts'
import type { MakeCommand, StartWorker } from '../workers/worker-process.ts'
import { startWorker } from '../workers/worker-process.ts'

/** How often the queue and the workers are looked after. */
const TICK_MS = 500
/** A step with its checkpoint takes seconds; a worker that has not stopped by then hangs. */
const GRACE_MS = 90_000
/** Exit code of a worker that found another one at work (EX_TEMPFAIL of sysexits.h): no failure of the run. */
export const EXIT_LOCKED = 75
/** Signals by which a person or the system ends a process; all others are crashes. */
const ENDED_BY = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'])

/**
 * Starts waiting runs, one at a time, and notices how their processes end. Of all processes of a home one supervises
 * (it holds supervisor.lock); when it goes, the workers go on and the next takes over.
 */
export interface Supervisor {
  /** Mends the queue after a crash and begins to look after it. */
  start(): Promise<void>
  /** One look now; returns when it is done. Nothing happens before `start`. */
  tick(): Promise<void>
  /** Whether this process is the one that starts runs. */
  isActive(): boolean
  /** Ends the supervision; workers go on. */
  close(): Promise<void>
}

export interface SupervisorOptions {
  readonly store: RunStore
  readonly queue: RunQueue
  /** Asked for each worker, since settings may have changed. */
  readonly command: MakeCommand
  readonly onNews?: (id: string, news: WorkerNews) => void
  readonly slots?: number
  /** How a worker is started: a process of its own by default. */
  readonly startWorker?: StartWorker
  readonly graceMs?: number
  readonly log?: (text: string) => void
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { store, queue } = options
  let lock: Lock | null = null
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | null = null
  let isStarted = false
  let isClosed = false

  const complain = (error: unknown): void => options.log?.(`supervisor: ${String(error)}`)
  const starts = createStarts(options, complain, async () => {
    if (!isClosed) await tick()
  })
  const look = async (): Promise<void> => {
    if (!isStarted || isClosed) return
    lock ??= tryLock(store.layout.supervisorLock)
    if (lock === null) return
    for (const id of [...starts.claims.keys()]) if (store.read(id).status !== 'queued') await starts.letGo(id)
    enforceStops(options)
    await startNext(options, starts)
  }
  const tick = async (): Promise<void> => {
    while (running !== null) await running
    running = look().finally(() => (running = null))
    await running
  }
  return {
    start: async () => {
      mkdirSync(store.layout.claims, { recursive: true })
      await queue.reconcile()
      isStarted = true
      await tick()
      timer = setInterval(() => void (running === null && tick().catch(complain)), TICK_MS)
    },
    tick,
    isActive: () => lock !== null,
    close: async () => {
      isClosed = true
      clearInterval(timer)
      await running
      for (const claim of starts.claims.values()) claim.lock.release()
      lock?.release()
      lock = null
    },
  }
}

/** The runs that this process has started and that still stand in the queue. */
interface Starts {
  readonly claims: ReadonlyMap<string, Claim>
  begin(id: string, lock: Lock): Promise<void>
  /** The run has left the queue for good: its worker wrote so, or ended. */
  letGo(id: string): Promise<void>
}

function createStarts(
  options: SupervisorOptions,
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
    if (!store.exists(id) || store.read(id).status !== 'queued') await queue.remove(id).catch(ignoreNotListed)
    claim.lock.release()
  }
  const begin = async (id: string, lock: Lock): Promise<void> => {
    const { output } = store.files(id)
    const claim = { lock, segment: store.read(id).segment, outputFrom: readText(output)?.length ?? 0 }
    claims.set(id, claim)
    const giveUp = (): void => {
      claims.delete(id)
      lock.release()
    }
    let command
    try {
      command = await options.command([store.read(id).config.trainer])
    } catch (error) {
      giveUp()
      throw error
    }
    // Asking the cards takes a moment, in which a person may have taken the run out.
    if (!store.exists(id) || store.read(id).status !== 'queued') return giveUp()
    const worker = (options.startWorker ?? startWorker)(command, id, output, (news) =>
      options.onNews?.(id, news),
    )
    worker.ended
      .then(async (end) => {
        await settle(options, id, claim, { pid: worker.pid, ...end })
        await letGo(id)
        await onEnded()
      })
      .catch(complain)
  }
  return { claims, begin, letGo }
}

async function startNext(
  { store, queue, slots = 1 }: SupervisorOptions,
  { claims, begin }: Starts,
): Promise<void> {
  const { paused, waiting } = queue.read()
  if (paused) return
  const live = store.list({ status: [...LIVE] }).runs.filter(({ id }) => !claims.has(id)).length
  let free = slots - live - claims.size
  for (const { id } of waiting) {
    if (free <= 0) return
    if (claims.has(id)) continue
    if (!store.exists(id) || store.read(id).status !== 'queued') {
      await queue.remove(id).catch(ignoreNotListed)
      continue
    }
    const lock = tryLock(join(store.layout.claims, id))
    if (lock === null) continue
    free--
    await begin(id, lock)
  }
}

/** A run that is being started: it stays in the queue until its worker shows, so that a crash loses nothing. */
interface Claim {
  readonly lock: Lock
  /** Segment of the run and length of its output before the start: what is beyond belongs to this worker. */
  readonly segment: number
  readonly outputFrom: number
}

/** Somebody has already put the run back into the queue after this worker's end. */
function isRequeued(store: RunStore, id: string, claim: Claim): boolean {
  if (!store.exists(id)) return false
  const { status, segment } = store.read(id)
  return status === 'queued' && segment > claim.segment
}

/** Writes down how a worker ended. A crash is a failure; a run that was killed shows as interrupted by itself. */
async function settle(
  { store }: SupervisorOptions,
  id: string,
  claim: Claim,
  { pid, code, signal }: { pid: number; code: number | null; signal: string | null },
): Promise<void> {
  if (code === EXIT_LOCKED || !store.exists(id) || isRequeued(store, id, claim)) return
  const { folder, output } = store.files(id)
  const record = store.read(id)
  if (record.status !== 'queued' && record.status !== 'interrupted') return
  await writeExit(store.disk, folder, { pid, code, signal, at: store.now(), segment: record.segment })
  const problem = { ...crashOf(code, signal, (readText(output) ?? '').slice(claim.outputFrom)) }
  const wasKilled = signal !== null && ENDED_BY.has(signal)
  // A batch system that kills for memory says so.
  if (record.status === 'interrupted' && wasKilled && problem.code !== 'out-of-memory') return
  await store.write({
    ...record,
    status: 'failed',
    reason: problem.message,
    problem,
    end: plainEnd('error', record.epoch),
    endedAt: store.now(),
  })
}

/** A worker that has been told to stop and does not: asked by signal after the grace, killed after another. */
function enforceStops({ store, graceMs = GRACE_MS }: SupervisorOptions): void {
  for (const { id } of store.list({ status: ['stopping'] }).runs) {
    const { folder, lock } = store.files(id)
    const order = readStopOrder(folder)
    if (order === null || order.when !== 'now') continue
    const late = store.now() - order.at
    const holder = lockHolder(lock)
    if (late < graceMs || holder === null || isAlive(holder) !== true) continue
    process.kill(holder.pid, late < 2 * graceMs ? 'SIGTERM' : 'SIGKILL')
  }
}

/** Asks a run to stop: a waiting one leaves the queue, a working one gets the order through its folder. */
export async function stopRun(
  store: RunStore,
  queue: RunQueue,
  id: string,
  when: 'now' | 'epoch',
): Promise<void> {
  const record = store.read(id)
  if (record.status === 'queued') {
    await queue.remove(id).catch(ignoreNotListed)
    await store.write({
      ...record,
      status: transition('queued', 'stop'),
      reason: 'taken out of the queue',
      end: plainEnd('out-of-queue', record.epoch),
      endedAt: store.now(),
    })
    return
  }
  if (record.status === 'stopping' && when === 'epoch') return
  if (record.status !== 'stopping') transition(record.status, 'ask-stop')
  // Asking again must not grant another time of grace.
  else if (readStopOrder(store.files(id).folder)?.when === 'now') return
  await writeStopOrder(store.disk, store.files(id).folder, { when, at: store.now() })
}

/**
 * Puts a stopped, failed or interrupted run back into the queue; it goes on from its last checkpoint.
 * @throws CotrainError `disk-full` where the folder cannot be written; the run stays as it was
 */
export async function requeueRun(
  store: RunStore,
  queue: RunQueue,
  id: string,
  reason: string,
  priority = 0,
): Promise<void> {
  const record: RunRecord = store.read(id)
  if (!canHappen(record.status, 'requeue')) {
    const message = `it is ${record.status}; only a stopped, failed or interrupted run can go on.`
    throw new CotrainError({ code: 'run-state', path: id.slice(0, 10), message })
  }
  store.checkWritable()
  clearStopOrder(store.files(id).folder)
  await store.write({ ...record, status: 'queued', reason, problem: null, end: null, endedAt: null })
  try {
    await queue.add(id, reason, priority)
  } catch (error) {
    await store.write(record) // never "queued" without a place in the queue
    throw error
  }
}

function ignoreNotListed(error: unknown): void {
  if (!(error instanceof CotrainError) || error.code !== 'not-found') throw error
}
