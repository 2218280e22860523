import { closeSync, openSync, readFileSync, rmSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import type { ProcessIdentity } from './process-identity.ts'
import { isAlive, ownIdentity } from './process-identity.ts'
import { errorCode } from './error-code.ts'

/** A breaker works for microseconds; one as old as this crashed, the sooner so when its process is gone. */
const BREAKER_STALE_MS = 5_000
const DEAD_BREAKER_STALE_MS = 500
/** A lock file is empty only between its creation and its first write. */
const EMPTY_STALE_MS = 2_000
const RETRY_MS = 15

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
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    lock = tryLock(path)
  }
  try {
    return await work()
  } finally {
    lock.release()
  }
}

function create(path: string): boolean {
  try {
    const fd = openSync(path, 'wx')
    try {
      writeSync(fd, JSON.stringify(ownIdentity()))
    } finally {
      closeSync(fd)
    }
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

const lockAt = (path: string): Lock => ({ path, release: () => rmSync(path, { force: true }) })

function isStale(path: string): boolean {
  const holder = lockHolder(path)
  if (holder !== null) return isAlive(holder) === false
  return (ageMs(path) ?? 0) > EMPTY_STALE_MS
}

/** Two processes may find the same stale lock: only the holder of the breaker looks again and removes it. */
function breakLock(path: string): boolean {
  const breaker = `${path}.break`
  if (!create(breaker)) {
    const patience = isStale(breaker) ? DEAD_BREAKER_STALE_MS : BREAKER_STALE_MS
    if ((ageMs(breaker) ?? 0) > patience) rmSync(breaker, { force: true })
    return false
  }
  try {
    if (isStale(path)) unlinkSync(path)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true
    throw error
  } finally {
    rmSync(breaker, { force: true })
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
