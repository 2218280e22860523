import type { Problem } from '../../../../src-shared/contract/errors.ts'
import { formatProblem } from '../../../../src-shared/contract/errors.ts'

/** Where a command writes: results to stdout, everything else to stderr, so that `--json` can be piped. */
export interface Output {
  readonly json: boolean
  /** The result of the command: JSON as it is, or `text` for people. */
  result(value: unknown, text: () => string): void
  /** What happens meanwhile; silent with --json. */
  note(text: string): void
  /** A line that replaces the last one in a terminal; elsewhere one line now and then. */
  progress(text: string): void
  endProgress(): void
  problems(problems: readonly Problem[]): void
}

/** A log file does not need a line per second. */
const PLAIN_PROGRESS_MS = 15_000

export function createOutput(
  json: boolean,
  out: NodeJS.WriteStream = process.stdout,
  err: NodeJS.WriteStream = process.stderr,
): Output {
  let lastPlain = -Infinity
  let isLineOpen = false
  const endProgress = (): void => {
    if (isLineOpen) err.write('\n')
    isLineOpen = false
  }
  return {
    json,
    result: (value, text) => {
      endProgress()
      out.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${text()}\n`)
    },
    note: (text) => {
      endProgress()
      if (!json) err.write(`${text}\n`)
    },
    progress: (text) => {
      if (json) return
      if (err.isTTY) {
        err.write(`\r\u001b[2K${text.slice(0, Math.max(20, (err.columns ?? 80) - 1))}`)
        isLineOpen = true
        return
      }
      if (performance.now() - lastPlain < PLAIN_PROGRESS_MS) return
      lastPlain = performance.now()
      err.write(`${text}\n`)
    },
    endProgress,
    problems: (problems) => {
      endProgress()
      if (json) err.write(`${JSON.stringify({ problems }, null, 2)}\n`)
      else for (const problem of problems) err.write(`${formatProblem(problem)}\n`)
    },
  }
}

/** Columns padded to their widest cell; numbers to the right. */
export function asTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)))
  const isNumber = header.map(
    (_, i) => rows.some((row) => row[i] !== '') && rows.every((row) => /^[-+\d.,%\s]*$/.test(row[i] ?? '')),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(0)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export const date = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

/** Time of day, to the second. */
export const clock = (at: number): string => new Date(at).toTimeString().slice(0, 8)

export const score = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : String(Number(value.toPrecision(4)))
