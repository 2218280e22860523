import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import { counted } from '../../../src-shared/util/counted.ts'
import { readText } from '../../disk/read-json.ts'

/** First line of the file, with a number that is raised when a summary changes. */
const HEADER = '{"index":"runs","version":4}'
/** Lines that say nothing any more and are left in the file all the same. */
const SPARE_LINES = 1_000
/** Names that the index had in earlier versions. */
const FORMER = ['index.sqlite', 'index.sqlite-wal', 'index.sqlite-shm']

export interface IndexedRun {
  readonly summary: RunSummary
  /** Sizes and times of the files that the summary was made from. */
  readonly signature: string
}

/** Summaries of all runs in one file: only a faster way to list what the run folders say. */
export interface RunIndex {
  /** Runs that were in the file when it was opened. */
  readonly rows: readonly IndexedRun[]
  update(changed: readonly IndexedRun[], removed: readonly string[]): void
}

/** Keeps nothing: for a disk that cannot be written, where lists are made from the run folders alone. */
export const NO_INDEX: RunIndex = { rows: [], update: () => undefined }

/**
 * Opens the index: a line a run, of which the last one holds. Changes are added at its end, also by several processes at once;
 * a line that was lost or torn costs reading that run anew. One of another version is thrown away. `log` hears why.
 */
export function openIndex(path: string, log: (text: string) => void): RunIndex {
  mkdirSync(dirname(path), { recursive: true })
  const lines = readText(path)?.split('\n')
  const isKnown = lines?.[0] === HEADER
  if (!isKnown) for (const name of FORMER) rmSync(join(dirname(path), name), { force: true })
  if (lines !== undefined && !isKnown)
    log('The index of the runs is built anew: it is damaged or of another version.')
  const rows = isKnown ? rowsIn(lines) : new Map<string, IndexedRun>()
  let [written, needed] = [lines?.length ?? 0, rows.size]
  const isSpent = (): boolean => written > 2 * needed + SPARE_LINES
  if (!isKnown || isSpent()) {
    writeAnew(path, [...rows.values()])
    written = needed
  }
  return {
    rows: [...rows.values()],
    update: (changed, removed) => {
      if (changed.length + removed.length === 0) return
      const text = [...changed.map(lineOf), ...removed.map((id) => JSON.stringify(id))]
      // The end of the line comes first: what another process was killed in must not swallow it.
      appendFileSync(path, `\n${text.join('\n')}`)
      written += text.length
      if (!isSpent()) return
      // A run in progress adds a line for each look at it.
      const kept = rowsIn((readText(path) ?? '').split('\n'))
      writeAnew(path, [...kept.values()])
      written = needed = kept.size
    },
  }
}

/** What is wrong with the index beside the folders of the runs that are there; null when nothing is, or there is none. */
export function indexFault(path: string, ids: ReadonlySet<string>): string | null {
  const lines = readText(path)?.split('\n')
  if (lines === undefined) return null
  if (lines[0] !== HEADER) return 'it is damaged or of another version.'
  const torn = lines.slice(1).filter((line) => line !== '' && parsed(line) === null).length
  if (torn > 0) return `${counted(torn, 'line')} cannot be read.`
  const gone = [...rowsIn(lines).keys()].filter((id) => !ids.has(id)).length
  return gone > 0 ? `${counted(gone, 'run')} in it ${gone === 1 ? 'has' : 'have'} no folder.` : null
}

const lineOf = ({ signature, summary }: IndexedRun): string => JSON.stringify([signature, summary])

function rowsIn(lines: readonly string[]): Map<string, IndexedRun> {
  const rows = new Map<string, IndexedRun>()
  for (const line of lines.slice(1)) {
    const said = parsed(line)
    if (typeof said === 'string') rows.delete(said)
    else if (said !== null) rows.set(said.summary.id, said)
  }
  return rows
}

/** A run, the id of one that is gone, or null for a line that is torn. */
function parsed(line: string): IndexedRun | string | null {
  try {
    const said = JSON.parse(line) as string | [signature: string, summary: RunSummary] // by lineOf and update
    if (typeof said === 'string') return said
    return typeof said[1].id === 'string' ? { signature: said[0], summary: said[1] } : null
  } catch {
    return null
  }
}

function writeAnew(path: string, rows: readonly IndexedRun[]): void {
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, [HEADER, ...rows.map(lineOf)].join('\n'))
  renameSync(temporary, path)
}
