import { statSync } from 'node:fs'
import type { Params, Result } from '../../../src-shared/contract/contract.ts'
import type { RunEvent } from '../../../src-shared/contract/run.ts'
import { readEvents } from '../../store/history/event-reader.ts'
import type { RunStore } from '../../store/run-store.ts'

type Line = Result<'runs.log'>['lines'][number]

/** An event as a line of the log; null for numbers, which have curves. */
export function logLineOf(event: RunEvent): Line | null {
  const { at } = event
  switch (event.kind) {
    case 'log':
      return { at, level: event.level, text: event.text }
    case 'status':
      return { at, level: 'info', text: `${event.status}${event.reason ? `: ${event.reason}` : ''}` }
    case 'mark':
      return { at, level: 'info', text: `${event.mark}: ${event.text}` }
    case 'metrics':
      return null
  }
}

/** Pages of one log are asked for one after the other: the runs looked at last keep their lines at hand. */
const KEPT = 3
const LEVELS = ['debug', 'info', 'warn', 'error']

/** Reads logs by page, level and words; damaged lines are named, not hidden. */
export function runLogs(store: RunStore): (params: Params<'runs.log'>) => Result<'runs.log'> {
  const kept = new Map<string, { stamp: string; lines: readonly Line[] }>()
  const linesOf = (id: string): readonly Line[] => {
    const path = store.files(id).events
    const stat = statSync(path, { throwIfNoEntry: false })
    const stamp = `${stat?.size ?? 0} ${stat?.mtimeMs ?? 0}`
    const known = kept.get(id)
    const entry = known?.stamp === stamp ? known : { stamp, lines: readLines(path) }
    kept.delete(id)
    kept.set(id, entry)
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break
      kept.delete(oldest)
    }
    return entry.lines
  }
  return ({ id, search, level, limit, offset }) => {
    store.read(id)
    const wanted = search.toLowerCase()
    const least = LEVELS.indexOf(level)
    const all = linesOf(id)
    const found =
      wanted === '' && least === 0
        ? all
        : all.filter((l) => LEVELS.indexOf(l.level) >= least && l.text.toLowerCase().includes(wanted))
    const from = offset ?? Math.max(0, found.length - limit)
    return { total: found.length, lines: found.slice(from, from + limit) }
  }
}

function readLines(path: string): readonly Line[] {
  const { events, bad, torn } = readEvents(path)
  const lines = events.flatMap((event) => logLineOf(event) ?? [])
  const at = events.at(-1)?.at ?? 0
  if (bad > 0) lines.push({ at, level: 'warn', text: `${bad} damaged lines of this log were left out.` })
  if (torn)
    lines.push({ at, level: 'warn', text: 'The last line of this log is incomplete and was left out.' })
  return lines
}
