import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export interface LogFile {
  readonly path: string
  /** Adds a line with the time. Never throws: a full disk must not end what is being told about. */
  write(text: string): void
  /** The end of the log, for a report. */
  tail(characters?: number): string
}

/** At this size the file makes room; the one before it is kept beside it. */
const MOST_BYTES = 1_000_000

/**
 * Adds lines to a log that cannot grow without end: at `mostBytes` it makes room, and the one before it is kept as `path.1`.
 * @throws the error of the file system
 */
export function appendBounded(path: string, text: string, mostBytes: number): void {
  const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 }
  if (size >= mostBytes) renameSync(path, `${path}.1`)
  appendFileSync(path, text)
}

/**
 * A log of which every line is on the disk before the next thing is done, so that the last line before a crash is there.
 * Two files at most: `path` and `path.1`.
 */
export function openLogFile(
  path: string,
  now: () => Date = () => new Date(),
  mostBytes = MOST_BYTES,
): LogFile {
  return {
    path,
    write: (text) => {
      try {
        mkdirSync(dirname(path), { recursive: true })
        appendBounded(path, `${now().toISOString()} ${text.trimEnd()}\n`, mostBytes)
      } catch {
        // nowhere to say it
      }
    },
    tail: (characters = 8_000) => {
      try {
        return readFileSync(path, 'utf8').slice(-characters)
      } catch {
        return ''
      }
    },
  }
}
