import { statSync } from 'node:fs'
import { sep } from 'node:path'
import { toProblems } from '../../../src-shared/contract/errors.ts'
import type { EndReason } from '../../../src-shared/contract/run-end.ts'
import type { RunStatus, RunSummary } from '../../../src-shared/contract/run.ts'
import { LIVE } from '../../../src-shared/contract/run.ts'
import type { IndexedRun, RunIndex } from './index-file.ts'
import { NO_INDEX, openIndex } from './index-file.ts'
import type { HomeLayout } from '../../disk/home-layout.ts'
import { stampOf } from '../../disk/stamp.ts'
import { runLayout } from '../files/layout.ts'
import { runIds } from '../files/run-id.ts'
import { unreadableSummary } from './run-summary.ts'

export interface ListFilter {
  readonly status: readonly RunStatus[]
  readonly end: readonly EndReason[]
  readonly tag: string
  readonly limit: number
  readonly offset: number
}

const ALL: ListFilter = { status: [], end: [], tag: '', limit: 10_000, offset: 0 }
/** Files of a run are replaced, which the time of its folder shows; within the coarsest clock of a file system it may show too little. */
const SETTLED_MS = 2_500
/** How often every file is looked at nevertheless: somebody may have changed one in place. */
const FULL_LOOK_MS = 30_000
/** Of many runs one listing looks at so large a part that way, or at so many: after a pause all at once would take long. */
const MOST_AT_ONCE = { part: 0.1, runs: 100 }
/** A further page belongs to the listing before it: within this time nothing is looked at for it. */
const ONE_LISTING_MS = 1000

/** The summaries of all runs. The folders are the truth: each listing looks which of them changed, and reads only those. */
export interface RunList {
  list(filter?: Partial<ListFilter>): { total: number; runs: RunSummary[] }
}

export function openRunList(
  layout: HomeLayout,
  summary: (id: string) => RunSummary,
  log: (text: string) => void,
): RunList {
  const rows = new Map<string, IndexedRun>()
  /** Times of the folders that were looked at long enough after their last change. */
  const settled = new Map<string, number>()
  const turn = takeTurns()
  let newestFirst: readonly IndexedRun[] | null = null
  let lookedAt = -Infinity
  const index = keptIndex(layout, rows, log)

  const isUnchanged = (id: string, time: number): boolean =>
    settled.get(id) === time && mayStay(rows.get(id)?.summary)

  const refresh = (): void => {
    index.open()
    const now = Date.now()
    const isDue = turn(now, rows.size)
    const gone = new Set(rows.keys())
    const changed: IndexedRun[] = []
    for (const id of runIds(layout.runs)) {
      gone.delete(id)
      const folder = `${layout.runs}${sep}${id}` // 10,000 times a listing: join would take the paths apart again
      const time = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0
      if (isUnchanged(id, time) && !isDue(id)) continue
      if (time < now - SETTLED_MS) settled.set(id, time)
      const row = changedRow(folder, id, rows.get(id), summary)
      if (row !== null) changed.push(row)
    }
    for (const row of changed) rows.set(row.summary.id, row)
    for (const id of gone) {
      rows.delete(id)
      settled.delete(id)
    }
    if (changed.length + gone.size === 0 && newestFirst !== null) return
    newestFirst = [...rows.values()].sort(byAge)
    index.update(changed, [...gone])
  }
  return {
    list: (filter = {}) => {
      const { limit, offset, ...wish } = { ...ALL, ...filter }
      if (offset === 0 || performance.now() - lookedAt > ONE_LISTING_MS) {
        refresh()
        lookedAt = performance.now()
      }
      const found = (newestFirst ?? []).filter(matches(wish))
      return { total: found.length, runs: found.slice(offset, offset + limit).map((row) => row.summary) }
    },
  }
}

/**
 * Whose files are looked at again: each listing goes on where the last one ended, as far as the time between them asks for, so that
 * every run has its turn within half a minute and none twice before all others.
 */
function takeTurns(): (now: number, count: number) => (id: string) => boolean {
  let [reached, last] = [0, Date.now()]
  return (now, count) => {
    const most = Math.max(MOST_AT_ONCE.part, MOST_AT_ONCE.runs / count)
    const part = Math.min(Math.max(0, now - last) / FULL_LOOK_MS, most, 1)
    const from = reached
    reached = (from + part) % 1
    last = now
    return (id) => (shareOf(id) - from + 1) % 1 < part
  }
}

/** From 0 to below 1, another for each run: ids are digests. */
const shareOf = (id: string): number => parseInt(id.slice(0, 4), 16) / 0x1_00_00

/** The index beside the rows in memory: it spares reading a thousand files at the start; afterwards it is only written. */
interface KeptIndex {
  /** Opens it, which brings its rows the first time; builds it anew where somebody has deleted it. */
  open(): void
  update(changed: readonly IndexedRun[], gone: readonly string[]): void
}

function keptIndex(
  layout: HomeLayout,
  rows: Map<string, IndexedRun>,
  log: (text: string) => void,
): KeptIndex {
  let index: RunIndex | undefined
  /** Reading runs needs no writing: without an index it takes longer, which is said once. */
  const orNone = (open: () => RunIndex): RunIndex => {
    try {
      return open()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      log(`${layout.index} cannot be written (${why}): runs are listed from their folders.`)
      return NO_INDEX
    }
  }
  const opened = (): RunIndex => {
    if (index === NO_INDEX) return index
    if (index !== undefined && statSync(layout.indexFile, { throwIfNoEntry: false }) === undefined) {
      log('The index of the runs was deleted; it is built anew.')
      index = orNone(() => {
        const fresh = openIndex(layout.indexFile, log)
        fresh.update([...rows.values()], [])
        return fresh
      })
    }
    if (index === undefined) {
      index = orNone(() => openIndex(layout.indexFile, log))
      for (const row of index.rows) rows.set(row.summary.id, row)
    }
    return index
  }
  return {
    open: () => void opened(),
    update: (changed, gone) => {
      const open = index
      if (open === undefined) return
      index = orNone(() => {
        open.update(changed, gone)
        return open
      })
    },
  }
}

/** The row as it must be from now on; null when nothing changed, also in the process that may have died. */
function changedRow(
  folder: string,
  id: string,
  before: IndexedRun | undefined,
  summary: (id: string) => RunSummary,
): IndexedRun | null {
  const signature = signatureOf(folder)
  const isSame = before?.signature === signature
  if (isSame && mayStay(before.summary)) return null
  const row = { signature, summary: summaryOrReason(folder, id, summary) }
  const { status, readable } = row.summary
  return isSame && before.summary.status === status && before.summary.readable === readable ? null : row
}

/** What is said of a run while its files are as they were. Its process may end; a disk that refused to be read may answer again. */
const mayStay = (summary: RunSummary | undefined): boolean =>
  summary?.readable === true && !LIVE.has(summary.status)

function summaryOrReason(folder: string, id: string, summary: (id: string) => RunSummary): RunSummary {
  try {
    return summary(id)
  } catch (error) {
    const problem = toProblems(error)[0] ?? { code: 'internal', message: 'it cannot be read.' }
    return unreadableSummary(id, problem, statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  }
}

function matches({ status, end, tag }: Omit<ListFilter, 'limit' | 'offset'>): (row: IndexedRun) => boolean {
  return ({ summary }) =>
    (status.length === 0 || status.includes(summary.status)) &&
    (end.length === 0 || (summary.end !== null && end.includes(summary.end.reason))) &&
    (tag === '' || summary.tags.includes(tag))
}

const byAge = (a: IndexedRun, b: IndexedRun): number =>
  b.summary.createdAt - a.summary.createdAt || (a.summary.id < b.summary.id ? -1 : 1)

/** An interrupted run is recorded as running: a lock that comes or goes changes what it is. */
function signatureOf(folder: string): string {
  const { record, notes, scores, lock, stop, exit } = runLayout(folder)
  return [record, notes, scores, lock, stop, exit].map(stampOf).join('|')
}
