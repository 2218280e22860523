import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import type { RunSummary } from '../../src-shared/contract/run.ts'
import type { Disk } from '../disk/disk.ts'
import type { HomeLayout } from '../disk/home-layout.ts'
import type { RunLayout } from './files/layout.ts'
import { readEvaluations } from './files/evaluation-files.ts'
import { homeLayout } from '../disk/home-layout.ts'
import { runLayout } from './files/layout.ts'
import { effectiveRecord } from './liveness.ts'
import { knownRecords } from './files/known-records.ts'
import { createRunFolder, readNotes, readRecord, writeNotes, writeRecord } from './files/run-folder.ts'
import type { HistoryReader } from './history/run-history.ts'
import { openHistory } from './history/run-history.ts'
import { checkWritable } from '../disk/writable.ts'
import { isRunId, resolveRunId } from './files/run-id.ts'
import type { ListFilter } from './list/run-list.ts'
import { openRunList } from './list/run-list.ts'
import type { RunNotes, RunRecord } from './files/run-record.ts'
import { summaryOf } from './list/run-summary.ts'
import { moveToTrash, restoreFromTrash } from './files/trash.ts'

/** A chart shows at most 200 runs; their histories stay at hand. */
const HISTORIES_KEPT = 200

/** All runs of one home folder. The folders are the truth; the index only makes lists fast. */
export interface RunStore {
  readonly layout: HomeLayout
  readonly disk: Disk
  /** Clock of the store, Unix milliseconds. */
  now(): number
  /** The folder of a run; does not look whether it exists. */
  files(id: string): RunLayout
  exists(id: string): boolean
  /** Full id of a run by its first letters. @throws CotrainError `run-missing` for none and for several. */
  resolve(prefix: string): string
  create(record: RunRecord): Promise<void>
  /** The record with its status as it really is. */
  read(id: string): RunRecord
  /** Changes a run that no worker holds, or the worker's own. */
  write(record: RunRecord): Promise<void>
  notes(id: string): RunNotes
  annotate(id: string, change: Partial<RunNotes>): Promise<RunSummary>
  summary(id: string): RunSummary
  list(filter?: Partial<ListFilter>): { total: number; runs: RunSummary[] }
  history(id: string): HistoryReader
  remove(id: string): void
  restore(id: string): void
  /** @throws CotrainError `disk-full` naming the folder when nothing can be written there. */
  checkWritable(): void
  close(): void
}

export interface StoreOptions {
  readonly home: string
  readonly disk: Disk
  readonly now?: () => number
  readonly log?: (text: string) => void
}

export function openRunStore({ home, disk, now = Date.now, log = () => undefined }: StoreOptions): RunStore {
  const layout = homeLayout(home)
  // A folder that is there is read, whether or not its disk can be written.
  if (!existsSync(layout.runs)) mkdirSync(layout.runs, { recursive: true })
  const histories = new Map<string, HistoryReader>()
  const files = (id: string): RunLayout => {
    if (!isRunId(id))
      throw new CotrainError({ code: 'run-missing', path: id, message: 'this is not a run id.' })
    return runLayout(join(layout.runs, id))
  }
  const recordOf = knownRecords()
  const read = (id: string): RunRecord => {
    const { folder } = files(id)
    return effectiveRecord(folder, recordOf(folder), now(), () => recordOf(folder))
  }
  const summary = (id: string): RunSummary =>
    summaryOf(read(id), readNotes(files(id).folder), readEvaluations(files(id).folder))
  const runs = openRunList(layout, summary, log)
  return {
    layout,
    disk,
    now,
    files,
    exists: (id) => statSync(files(id).folder, { throwIfNoEntry: false }) !== undefined,
    resolve: (prefix) => resolveRunId(layout.runs, prefix),
    create: (record) => createRunFolder(disk, files(record.id).folder, record),
    read,
    write: (record) => writeRecord(disk, files(record.id).folder, record),
    notes: (id) => readNotes(files(id).folder),
    annotate: async (id, change) => {
      const { folder } = files(id)
      readRecord(folder)
      await writeNotes(disk, folder, { ...readNotes(folder), ...change })
      return summary(id)
    },
    summary,
    list: runs.list,
    history: (id) => {
      const known = histories.get(id)
      histories.delete(id)
      const reader = known ?? openHistory(files(id).events, join(layout.series, `${id}.bin`))
      histories.set(id, reader)
      for (const oldest of histories.keys()) {
        if (histories.size <= HISTORIES_KEPT) break
        histories.delete(oldest)
      }
      return reader
    },
    remove: (id) => {
      files(id)
      histories.delete(id)
      moveToTrash(layout, id, now())
    },
    restore: (id) => {
      files(id)
      restoreFromTrash(layout, id)
    },
    checkWritable: () => checkWritable(home),
    close: () => histories.clear(),
  }
}
