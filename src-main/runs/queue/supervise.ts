import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { LIVE, RESUMABLE } from '../../../src-shared/contract/run.ts'
import { plainEnd } from '../../../src-shared/contract/run-end.ts'
import type { Lock } from '../../disk/file-lock.ts'
import { lockHolder, tryLock } from '../../disk/file-lock.ts'
import { isAlive } from '../../disk/process-identity.ts'
import { NO_DEVICES } from '../../io/native/devices/compute-devices.ts'
import { clearStopOrder, readStopOrder, writeStopOrder } from '../../store/files/run-folder.ts'
import type { RunRecord, RunRetry } from '../../store/files/run-record.ts'
import { clearTries } from '../../store/files/start-file.ts'
import type { RunStore } from '../../store/run-store.ts'
import { canHappen, transition } from '../../store/status.ts'
import { cancelNextTry, dueRuns, tryText } from './next-try.ts'
import { placedRuns, readableRun, waitingRun } from './placed-runs.ts'
import type { Machine, MachineView, WaitingRun } from './placement.ts'
import { place } from './placement.ts'
import type { QueueWish, RunQueue } from './run-queue.ts'
import type { StartOptions, Starts } from './starts.ts'
import { createStarts, ignoreNotListed } from './starts.ts'
import { startsAt } from './start-tries.ts'

/** How often the queue and the workers are looked after. */
const TICK_MS = 500
/** A step with its checkpoint takes seconds; a worker that has not stopped by then hangs. */
const GRACE_MS = 90_000
const SAID_AGAIN_MS = 60_000
const PROCESSOR: Machine = { ...NO_DEVICES, slotsPerGpu: 1 }

/**
 * Starts waiting runs, one on the processor or as many as the cards have slots, and notices how their processes end. Of all processes of a home one supervises
 * (it holds supervisor.lock); when it goes, the workers go on and the next takes over.
 */
export interface Supervisor {
  /** Mends the queue after a crash and begins to look after it. */
  start(): Promise<void>
  /** One look now; returns when it is done. Nothing happens before `start`. */
  tick(): Promise<void>
  /** Told when this process begins to supervise and whenever a run has ended, whoever started it. Not waited for. */
  onEnded(handler: () => Promise<void>): void
  /** Told when runs at work have come to another epoch. Not waited for. */
  onEpoch(handler: () => Promise<void>): void
  /** Whether this process is the one that starts runs. */
  isActive(): boolean
  /** Ends the supervision; workers go on. */
  close(): Promise<void>
}

export interface SupervisorOptions extends StartOptions {
  /** What runs are placed on; the processor alone by default. */
  readonly machine?: Pick<MachineView, 'read'>
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

  const complain = complaints(options)
  const starts = createStarts(options, complain, async () => {
    if (!isClosed) await tick()
  })
  const ends = watchEnds(store)
  const epochs = watchEpochs(store)
  const look = async (): Promise<void> => {
    if (!isStarted || isClosed) return
    lock ??= tryLock(store.layout.supervisorLock)
    if (lock === null) return
    for (const id of [...starts.claims.keys()]) {
      const run = readableRun(store, id)
      if (run !== null && run.status !== 'queued') await starts.letGo(id)
    }
    enforceStops(options)
    ends.look(complain)
    epochs.look(complain)
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
      // What goes wrong at the first look is no reason not to look again.
      await tick().catch(complain)
      timer = setInterval(() => void (running === null && tick().catch(complain)), TICK_MS)
    },
    tick,
    onEnded: ends.add,
    onEpoch: epochs.add,
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

/** The same twice a second says no more than once a minute. */
function complaints({ store, log }: SupervisorOptions): (error: unknown) => void {
  let last = { text: '', at: 0 }
  return (error) => {
    const now = { text: `supervisor: ${String(error)}`, at: store.now() }
    if (now.text === last.text && now.at - last.at < SAID_AGAIN_MS) return
    last = now
    log?.(now.text)
  }
}

/** Notices by the folders that runs have left those at work or waiting: also those of a supervisor that is gone. */
function watchEnds(store: RunStore) {
  const handlers: (() => Promise<void>)[] = []
  let open: ReadonlySet<string> | null = null
  return {
    add: (handler: () => Promise<void>): void => void handlers.push(handler),
    look: (complain: (error: unknown) => void): void => {
      if (handlers.length === 0) return
      const now = new Set(store.list({ status: [...LIVE, 'queued'] }).runs.map(({ id }) => id))
      const hasEnded = open === null || [...open].some((id) => !now.has(id))
      open = now
      if (hasEnded) for (const handler of handlers) handler().catch(complain)
    },
  }
}

/** Notices by the folders that runs at work have finished an epoch. */
function watchEpochs(store: RunStore) {
  const handlers: (() => Promise<void>)[] = []
  let known = ''
  return {
    add: (handler: () => Promise<void>): void => void handlers.push(handler),
    look: (complain: (error: unknown) => void): void => {
      if (handlers.length === 0) return
      const { runs } = store.list({ status: ['running'] })
      const now = runs.map(({ id, epoch }) => `${id} ${Math.floor(epoch)}`).join()
      if (now !== known && now !== '') for (const handler of handlers) handler().catch(complain)
      known = now
    },
  }
}

async function startNext({ store, queue, machine }: SupervisorOptions, starts: Starts): Promise<void> {
  if (queue.read().paused) return
  for (const id of dueRuns(store)) await tryAgain(store, queue, id)
  const { waiting } = queue.read()
  const open: WaitingRun[] = []
  for (const { id, device: wish } of waiting) {
    if (starts.claims.has(id)) continue
    const status = readableRun(store, id)?.status
    if (status === 'queued') {
      if (startsAt(store, id) <= store.now()) open.push(waitingRun(store, id, wish))
    }
    // One that cannot be read now keeps its place: its disk may come back, or a person may mend it.
    else if (status !== undefined || !store.exists(id)) await queue.remove(id).catch(ignoreNotListed)
  }
  if (open.length === 0) return
  const live = [
    ...placedRuns(store).filter(({ id }) => !starts.claims.has(id)),
    ...[...starts.claims].map(([id, { device }]) => ({ name: id, device: device?.uuid ?? null })),
  ]
  const now = machine === undefined ? PROCESSOR : await machine.read()
  for (const { id, device } of place(now, live, open).starts) {
    // Starting those before it took a moment, too.
    if (readableRun(store, id)?.status !== 'queued') continue
    const lock = tryLock(join(store.layout.claims, id))
    if (lock !== null) await starts.begin(id, lock, device)
  }
}

async function tryAgain(store: RunStore, queue: RunQueue, id: string): Promise<void> {
  const record = readableRun(store, id)
  if (record?.retry !== undefined) await requeueRun(store, queue, id, tryText(record), {}, record.retry)
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

/** Asks a run to stop: a waiting one leaves the queue, a working one gets the order through its folder. `pruned`: why a search ends it. */
export async function stopRun(
  store: RunStore,
  queue: RunQueue,
  id: string,
  when: 'now' | 'epoch',
  pruned?: string,
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
  if (RESUMABLE.has(record.status)) return cancelNextTry(store, record)
  if (record.status === 'stopping' && when === 'epoch') return
  if (record.status !== 'stopping') transition(record.status, 'ask-stop')
  // Asking again must not grant another time of grace.
  else if (readStopOrder(store.files(id).folder)?.when === 'now') return
  await writeStopOrder(store.disk, store.files(id).folder, {
    ...{ when, at: store.now() },
    ...(pruned !== undefined && { pruned }),
  })
}

/**
 * Puts a stopped, failed or interrupted run back into the queue; it goes on from its last checkpoint. `retry`: its tries so far, where no
 * person asks for it: those of earlier are forgotten where one does.
 * @throws CotrainError `disk-full` where the folder cannot be written; the run stays as it was
 */
export async function requeueRun(
  store: RunStore,
  queue: RunQueue,
  id: string,
  reason: string,
  wish: QueueWish = {},
  retry?: RunRetry,
): Promise<void> {
  const record: RunRecord = store.read(id)
  if (!canHappen(record.status, 'requeue')) {
    const message = `it is ${record.status}; only a stopped, failed or interrupted run can go on.`
    throw new CotrainError({ code: 'run-state', path: id.slice(0, 10), message })
  }
  store.checkWritable()
  clearStopOrder(store.files(id).folder)
  clearTries(store.files(id).folder)
  const { retry: _, ...rest } = record
  const tries = retry === undefined ? {} : { retry: { ...retry, nextAt: null } }
  await store.write({
    ...{ ...rest, ...tries },
    ...{ status: 'queued' as const, reason, problem: null, end: null, endedAt: null },
  })
  try {
    await queue.add(id, reason, wish)
  } catch (error) {
    await store.write(record) // never "queued" without a place in the queue
    throw error
  }
}
