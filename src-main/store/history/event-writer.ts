import { closeSync, fsyncSync, openSync, readSync, fstatSync, writeSync } from 'node:fs'
import type { RunEvent } from '../../../src-shared/contract/run.ts'
import { encodeEvent } from './event-line.ts'
import { asDiskProblem } from '../../disk/disk-problem.ts'

/** Nothing that happened longer ago than this is only in memory. */
const FLUSH_MS = 1_000

/** Appends to a run's events.jsonl. */
export interface EventWriter {
  add(event: RunEvent): void
  /** Hands everything to the operating system; `durable` waits until it is on the disk. */
  flush(durable?: boolean): void
  close(): void
}

/** Opens the log for appending. A torn last line of a killed process is ended, so that it stays the only loss. */
export function openEventWriter(path: string): EventWriter {
  const fd = openSync(path, 'a+')
  let pending = inWords(path, () => endsTorn(fd)) ? '\n' : ''
  let timer: NodeJS.Timeout | undefined
  let failure: Error | undefined
  const flush = (durable = false): void => {
    clearTimeout(timer)
    timer = undefined
    const text = pending
    pending = ''
    try {
      inWords(path, () => {
        if (text !== '') append(fd, text)
        if (durable) fsyncSync(fd)
      })
    } catch (error) {
      pending = '\n' // part of the text may be there: what follows starts a line of its own
      throw error
    }
  }
  const flushLater = (): void => {
    try {
      flush()
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error)) // the next caller hears of it
    }
  }
  return {
    add: (event) => {
      if (failure !== undefined) throw failure
      pending += encodeEvent(event)
      timer ??= setTimeout(flushLater, FLUSH_MS)
      timer.unref()
    },
    flush,
    close: () => {
      try {
        flush(true)
      } finally {
        inWords(path, () => closeSync(fd))
      }
    },
  }
}

/** What the system says of an open file names none. */
function inWords<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asDiskProblem(error, path, 'Free some space, then resume the run.')
  }
}

function append(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done)
}

function endsTorn(fd: number): boolean {
  const { size } = fstatSync(fd)
  if (size === 0) return false
  const last = Buffer.alloc(1)
  readSync(fd, last, 0, 1, size - 1)
  return last[0] !== 0x0a
}
