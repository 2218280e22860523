import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { RunEvent } from '../../../src-shared/contract/run.ts'
import { decodeEvent } from './event-line.ts'
import { asDiskProblem } from '../../disk/disk-problem.ts'
import { errorCode } from '../../disk/error-code.ts'

/** How far a log was read, and what could not be. */
interface EventsRead {
  /** Byte position of the first line not read; pass it on to read what comes later. */
  readonly next: number
  /** Lines in the middle that were skipped because they are damaged. */
  readonly bad: number
  /** The last line has no end yet: being written, or torn by a crash. */
  readonly torn: boolean
}

export interface EventBatch extends EventsRead {
  readonly events: readonly RunEvent[]
}

const CHUNK = 1 << 22
const LINE_END = 0x0a

/** Reads a run's events from byte `from` to the end; an absent file has none. */
export function readEvents(path: string, from = 0): EventBatch {
  const events: RunEvent[] = []
  return { ...eachEvent(path, from, (event) => events.push(event)), events }
}

/** As {@link readEvents}, for logs whose events need not be kept: they are handed over one by one. */
export function eachEvent(path: string, from: number, use: (event: RunEvent) => void): EventsRead {
  let bad = 0
  const { next, size } = eachLine(path, from, (line) => {
    const event = decodeEvent(line)
    if (event !== null) use(event)
    else if (line !== '') bad++
  })
  return { next, bad, torn: next < size }
}

/** Calls `use` with each complete line from byte `from`; `next` is where the incomplete rest begins. */
export function eachLine(
  path: string,
  from: number,
  use: (line: string) => void,
): { next: number; size: number } {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { next: 0, size: 0 }
    throw error
  }
  try {
    const { size } = fstatSync(fd)
    return { next: readLines(fd, from, size, use), size }
  } catch (error) {
    throw asDiskProblem(error, path, 'Free some space and try again.')
  } finally {
    closeSync(fd)
  }
}

function readLines(fd: number, from: number, size: number, use: (line: string) => void): number {
  let at = from
  let rest = Buffer.alloc(0)
  for (let position = from; position < size;) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - position))
    const count = readSync(fd, chunk, 0, chunk.length, position)
    if (count === 0) break
    position += count
    const bytes =
      rest.length === 0 ? chunk.subarray(0, count) : Buffer.concat([rest, chunk.subarray(0, count)])
    const end = bytes.lastIndexOf(LINE_END) + 1
    if (end > 0) for (const line of bytes.toString('utf8', 0, end - 1).split('\n')) use(line)
    at += end
    rest = bytes.subarray(end)
  }
  return at
}
