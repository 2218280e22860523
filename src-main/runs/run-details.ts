import type { Params, Result } from '../../src-shared/contract/contract.ts'
import type { RunEvent } from '../../src-shared/contract/run.ts'
import { LIVE } from '../../src-shared/contract/run.ts'
import { readEvents } from '../store/event-reader.ts'
import { filesOf, readLive } from '../store/run-folder.ts'
import type { RunStore } from '../store/run-store.ts'

/** Everything about one run but its curves. */
export function runDetails(store: RunStore, id: string): Result<'runs.get'> {
  const record = store.read(id)
  const { folder } = store.files(id)
  const { series, marks } = store.history(id).read()
  return {
    summary: store.summary(id),
    config: record.config,
    environment: record.environment,
    progress: LIVE.has(record.status) ? readLive(folder) : null,
    marks: marks.filter(({ mark }) => mark !== 'checkpoint').map((mark) => ({ ...mark })),
    metricKeys: [...series.keys.keys()].sort(),
    files: filesOf(folder),
    folder,
    command: `cotrain show ${id.slice(0, 10)}`,
    dataFingerprint: record.identity.data === '' ? null : record.identity.data,
  }
}

/** An event as a line of the log; null for numbers, which have curves. */
export function logLineOf(event: RunEvent): { at: number; level: string; text: string } | null {
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

/** The last lines of a run's log, and how many there are; damaged lines are named, not hidden. */
export function runLog(store: RunStore, { id, search, limit }: Params<'runs.log'>): Result<'runs.log'> {
  store.read(id)
  const { events, bad, torn } = readEvents(store.files(id).events)
  const wanted = search.toLowerCase()
  const lines = events.flatMap((event) => logLineOf(event) ?? [])
  const at = events.at(-1)?.at ?? 0
  if (bad > 0) lines.push({ at, level: 'warn', text: `${bad} damaged lines of this log were left out.` })
  if (torn)
    lines.push({ at, level: 'warn', text: 'The last line of this log is incomplete and was left out.' })
  const found = lines.filter(({ text }) => text.toLowerCase().includes(wanted))
  return { total: found.length, lines: found.slice(-limit) }
}
