import {
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import type { ProcessIdentity } from './process-identity.ts'
import { isAlive, ownIdentity } from './process-identity.ts'
import { asDiskProblem } from './disk-problem.ts'
import { errorCode } from './error-code.ts'

/** A breaker works for microseconds; one as old as this crashed, the sooner so when its process is gone. */
const BREAKER_STALE_MS = 5_000
const DEAD_BREAKER_STALE_MS = 500
/** A lock file is empty only between its creation and its first write. */
const EMPTY_STALE_MS = 2_000
const RETRY_MS = 15
/** Of work that takes minutes: how often its lock shows a sign of life, and after which silence its holder is gone. */
const SIGN_MS = 10_000
const SILENCE_MS = 60_000
/** How often a lock that could not be removed is tried to be. */
const REMOVE_MS = 1_000

/** Locks that this process has given back while the disk refused to remove their files: nobody holds them. */
const givenBack = new Set<string>()

export interface Lock {
  readonly path: string
  release(): void
}

/**
 * Takes the lock file if nobody holds it, null otherwise. A lock whose holder on this machine is dead is broken;
 * one from another machine is respected.
 */
export function tryLock(path: string): Lock | null {
  if (create(path)) return lockAt(path)
  if (!isStale(path) || !breakLock(path)) return null
  return create(path) ? lockAt(path) : null
}

/** Who holds the lock; null when nobody does. */
export function lockHolder(path: string): ProcessIdentity | null {
  if (givenBack.has(path)) return null
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<ProcessIdentity>
    if (typeof value.pid !== 'number' || typeof value.host !== 'string') return null
    return { pid: value.pid, start: value.start ?? '', host: value.host }
  } catch {
    return null
  }
}

/** Runs `work` alone among all processes that use this lock; waits up to `waitMs`. */
export async function withLock<T>(path: string, work: () => Promise<T> | T, waitMs = 10_000): Promise<T> {
  const until = Date.now() + waitMs
  let lock = tryLock(path)
  while (lock === null) {
    if (Date.now() > until) throw busy(path)
    await pause(RETRY_MS)
    lock = tryLock(path)
  }
  try {
    return await work()
  } finally {
    lock.release()
  }
}

export interface LockWait {
  /** Called before each look at a lock that is held. */
  onWait?(): void
  readonly signal?: AbortSignal
  readonly retryMs?: number
  readonly signMs?: number
  readonly silenceMs?: number
}

/**
 * Takes a lock for work of minutes, however long its holder needs, and shows signs of life while it holds it. A holder on
 * another machine, whose process cannot be looked up, is gone when a minute passes here without a sign of it.
 */
export async function waitForLock(path: string, options: LockWait = {}): Promise<Lock> {
  const { onWait, signal, retryMs = 500, signMs = SIGN_MS, silenceMs = SILENCE_MS } = options
  const isSilent = silenceOf(path, silenceMs)
  for (;;) {
    signal?.throwIfAborted()
    const lock = tryLock(path) ?? (isSilent() && breakLock(path, isSilent) ? tryLock(path) : null)
    if (lock !== null) return living(lock, signMs)
    onWait?.()
    await pause(retryMs)
  }
}

function living({ path }: Lock, signMs: number): Lock {
  const own = readFileSync(path, 'utf8')
  // A machine that slept may have lost it to another one.
  const ifOurs = (then: () => void): void => {
    try {
      if (readFileSync(path, 'utf8') === own) then()
    } catch {
      // the next sign may succeed, and a lock that is gone needs no release
    }
  }
  const sign = (): void => {
    const now = new Date()
    utimesSync(path, now, now)
  }
  const signs = setInterval(() => ifOurs(sign), signMs).unref()
  return {
    path,
    release: () => {
      clearInterval(signs)
      ifOurs(() => giveBack(path))
    },
  }
}

/** Whether the lock is held from another machine and its file has not changed for so long, by the clock of this one. */
function silenceOf(path: string, silenceMs: number): () => boolean {
  let stamp = -1
  let since = 0
  return () => {
    const found = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -1
    if (found !== stamp) [stamp, since] = [found, Date.now()]
    const holder = lockHolder(path)
    return holder !== null && isAlive(holder) === null && Date.now() - since > silenceMs
  }
}

function create(path: string): boolean {
  try {
    const fd = openSync(path, 'wx')
    try {
      try {
        writeSync(fd, JSON.stringify(ownIdentity()))
      } finally {
        closeSync(fd)
      }
    } catch (error) {
      giveBack(path)
      throw error
    }
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw asDiskProblem(error, path, 'Free some space and try again.')
  }
}

const lockAt = (path: string): Lock => ({ path, release: () => giveBack(path) })

/** Never throws: the work that the lock was for is done. Where the disk refuses, it is tried again while this process lives. */
function giveBack(path: string): void {
  if (isRemoved(path)) return
  givenBack.add(path)
  const again = setInterval(() => {
    if (!givenBack.has(path) || isRemoved(path)) clearInterval(again)
  }, REMOVE_MS).unref()
}

function isRemoved(path: string): boolean {
  try {
    rmSync(path, { force: true })
    givenBack.delete(path)
    return true
  } catch {
    return false
  }
}

function isStale(path: string): boolean {
  if (givenBack.has(path)) return true
  const holder = lockHolder(path)
  if (holder !== null) return isAlive(holder) === false
  return (ageMs(path) ?? 0) > EMPTY_STALE_MS
}

/** Two processes may find the same stale lock: only the holder of the breaker looks again and removes it. */
function breakLock(path: string, isGone = () => isStale(path)): boolean {
  const breaker = `${path}.break`
  if (!create(breaker)) {
    const patience = isStale(breaker) ? DEAD_BREAKER_STALE_MS : BREAKER_STALE_MS
    if ((ageMs(breaker) ?? 0) > patience) rmSync(breaker, { force: true })
    return false
  }
  try {
    if (isGone()) {
      unlinkSync(path)
      givenBack.delete(path)
    }
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true
    throw error
  } finally {
    giveBack(breaker)
  }
}

function ageMs(path: string): number | null {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? null : Date.now() - stat.mtimeMs
}

function busy(path: string): CotrainError {
  const holder = lockHolder(path)
  const who = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`
  const hint = 'Wait for that process, or end it.'
  return new CotrainError({ code: 'run-locked', path, message: `it is held by ${who}.`, hint })
}
