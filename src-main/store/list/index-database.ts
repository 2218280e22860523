import Database from 'libsql'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { RunSummary } from '../../../src-shared/contract/run.ts'

/** Raised when a table changes; an index of another version is built anew. */
const SCHEMA_VERSION = 3

export interface IndexedRun {
  readonly summary: RunSummary
  /** Sizes and times of the files that the summary was made from. */
  readonly signature: string
}

/** Summaries of all runs in SQLite: only a faster way to list what the run folders say. */
export interface RunIndex {
  rows(): IndexedRun[]
  /** All changes in one transaction. */
  update(changed: readonly IndexedRun[], removed: readonly string[]): void
  close(): void
}

/** Keeps nothing: for a disk that cannot be written, where lists are made from the run folders alone. */
export const NO_INDEX: RunIndex = { rows: () => [], update: () => undefined, close: () => undefined }

/** Opens the index; one that is damaged or of another version is thrown away. `log` hears why. */
export function openIndex(path: string, log: (text: string) => void): RunIndex {
  mkdirSync(dirname(path), { recursive: true })
  let database: Database.Database | undefined
  try {
    database = openDatabase(path)
    const fault = faultOf(database)
    if (fault === null) return indexOver(database)
    log(`The index of the runs is built anew: ${fault}.`)
  } catch (error) {
    log(`The index of the runs is built anew: ${error instanceof Error ? error.message : String(error)}.`)
  }
  database?.close()
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  const fresh = openDatabase(path)
  createTables(fresh)
  return indexOver(fresh)
}

function openDatabase(path: string): Database.Database {
  const database = new Database(path)
  // The time-out comes first: processes that open together would fail on the journal mode without it.
  for (const pragma of [
    'busy_timeout = 5000',
    'journal_mode = WAL',
    'synchronous = NORMAL',
    'foreign_keys = ON',
  ])
    database.pragma(pragma)
  return database
}

/** Why this file cannot be used; null when it can. A new file is given its tables. */
function faultOf(database: Database.Database): string | null {
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all() as {
    name: string
  }[]
  if (tables.length === 0) {
    createTables(database)
    return null
  }
  if (!tables.some(({ name }) => name === 'run')) return 'it has no table of runs'
  const { user_version: version } = database.prepare('pragma user_version').get() as { user_version: number }
  return version === SCHEMA_VERSION ? null : `it has version ${version}, this app uses ${SCHEMA_VERSION}`
}

function createTables(database: Database.Database): void {
  database.exec(`
    begin immediate;
    create table if not exists run (
      id text primary key, signature text not null, summary text not null
    ) without rowid;
    pragma user_version = ${SCHEMA_VERSION};
    commit;`)
}

function indexOver(database: Database.Database): RunIndex {
  const put = database.prepare('insert or replace into run values (?, ?, ?)')
  const drop = database.prepare('delete from run where id = ?')
  const write = (changed: readonly IndexedRun[], removed: readonly string[]): void => {
    for (const { summary, signature } of changed) put.run(summary.id, signature, JSON.stringify(summary))
    for (const id of removed) drop.run(id)
  }
  return {
    rows: () => {
      const rows = database.prepare('select signature, summary from run').all() as {
        signature: string
        summary: string
      }[]
      return rows.map(({ signature, summary }) => ({
        signature,
        summary: JSON.parse(summary) as RunSummary,
      }))
    },
    update: (changed, removed) => {
      if (changed.length + removed.length === 0) return
      database.exec('begin immediate')
      try {
        write(changed, removed)
        database.exec('commit')
      } catch (error) {
        database.exec('rollback')
        throw error
      }
    },
    close: () => database.close(),
  }
}
