import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunProgress } from '../../../src-shared/contract/run.ts'
import { runProgress } from '../../../src-shared/contract/run.ts'
import type { Disk } from '../../disk/disk.ts'
import { flushFolder } from '../../disk/flush-folder.ts'
import { runLayout } from './layout.ts'
import { readJson } from '../../disk/read-json.ts'
import type { RunNotes, RunRecord, RunResult } from './run-record.ts'
import { RECORD_FORMAT, runNotes, runRecord, runResult } from './run-record.ts'

const stopOrder = z.object({
  when: z.enum(['now', 'epoch']),
  at: z.number(),
  /** Why a search ends the run; absent where a person asked. */
  pruned: z.string().optional(),
})
export type StopOrder = z.infer<typeof stopOrder>

/** How a worker process ended, as its supervisor saw it. */
const workerExit = z.object({
  pid: z.number(),
  code: z.number().nullable(),
  signal: z.string().nullable(),
  at: z.number(),
  segment: z.number(),
})
export type WorkerExit = z.infer<typeof workerExit>

/** The card on which the worker of a segment computes. A worker may outlive the supervisor that chose it. */
const runDevice = z.object({
  uuid: z.string(),
  index: z.string(),
  name: z.string(),
  /** Segment of the run before the start; the worker counts it up. */
  segment: z.number(),
})
export type RunDevice = z.infer<typeof runDevice>

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`

/** Makes the folder of a new run; it appears with its record inside or not at all. @throws when it exists. */
export async function createRunFolder(disk: Disk, folder: string, record: RunRecord): Promise<void> {
  const temporary = join(dirname(folder), `.new-${randomBytes(6).toString('hex')}`)
  mkdirSync(temporary, { recursive: true })
  try {
    await disk.writeFile(runLayout(temporary).record, json(record))
    readRecord(temporary) // a folder without a record would be a run that cannot be read
    if (statSync(folder, { throwIfNoEntry: false }) !== undefined) throw exists(folder)
    renameSync(temporary, folder)
    flushFolder(dirname(folder))
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    throw error
  }
}

/** @throws CotrainError `run-missing`, or `file-invalid` for a record that is damaged or of a later version. */
export function readRecord(folder: string): RunRecord {
  const path = runLayout(folder).record
  const record = readJson(path, runRecord)
  if (record === null) {
    const message = 'the folder has no run.json.'
    throw new CotrainError({
      code: 'run-missing',
      path: folder,
      message,
      hint: 'Check the id with `cotrain runs`.',
    })
  }
  if (record.format <= RECORD_FORMAT) return record
  const message = `it was written by a later version (format ${record.format}, known up to ${RECORD_FORMAT}).`
  throw new CotrainError({ code: 'file-invalid', path, message, hint: 'Update the app to open this run.' })
}

export const writeRecord = (disk: Disk, folder: string, record: RunRecord): Promise<void> =>
  disk.writeFile(runLayout(folder).record, json(record))

/** A damaged notes file must not hide the run: it reads as empty, and the next change replaces it. */
export function readNotes(folder: string): RunNotes {
  const { notes } = runLayout(folder)
  // Most runs have none, and looking for a file costs less than failing to open it.
  if (!existsSync(notes)) return runNotes.parse({})
  try {
    return readJson(notes, runNotes) ?? runNotes.parse({})
  } catch {
    return runNotes.parse({})
  }
}

export const writeNotes = (disk: Disk, folder: string, notes: RunNotes): Promise<void> =>
  disk.writeFile(runLayout(folder).notes, json(notes))

export const readResult = (folder: string): RunResult | null => readJson(runLayout(folder).result, runResult)

export const writeResult = (disk: Disk, folder: string, result: RunResult): Promise<void> =>
  disk.writeFile(runLayout(folder).result, json(result))

export const writeStopOrder = (disk: Disk, folder: string, order: StopOrder): Promise<void> =>
  disk.writeFile(runLayout(folder).stop, json(order))

export const readStopOrder = (folder: string): StopOrder | null =>
  orNull(() => readJson(runLayout(folder).stop, stopOrder))

export const clearStopOrder = (folder: string): void => rmSync(runLayout(folder).stop, { force: true })

export const writeExit = (disk: Disk, folder: string, exit: WorkerExit): Promise<void> =>
  disk.writeFile(runLayout(folder).exit, json(exit))

export const readExit = (folder: string): WorkerExit | null =>
  orNull(() => readJson(runLayout(folder).exit, workerExit))

export const writeDevice = (disk: Disk, folder: string, device: RunDevice): Promise<void> =>
  disk.writeFile(runLayout(folder).device, json(device))

export const readDevice = (folder: string): RunDevice | null =>
  orNull(() => readJson(runLayout(folder).device, runDevice))

export const readLive = (folder: string): RunProgress | null =>
  orNull(() => readJson(runLayout(folder).live, runProgress))

/** Progress for other processes to read; not flushed to the disk, since nothing is lost with it. */
export function writeLive(folder: string, progress: RunProgress): void {
  const { live } = runLayout(folder)
  writeFileSync(`${live}.tmp`, JSON.stringify(progress))
  renameSync(`${live}.tmp`, live)
}

export const clearLive = (folder: string): void => rmSync(runLayout(folder).live, { force: true })

/** Files of a run with their sizes, checkpoints and weights included, for display. */
export function filesOf(folder: string): { name: string; bytes: number }[] {
  const out: { name: string; bytes: number }[] = []
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.name === 'lock') continue
    const path = join(entry.parentPath, entry.name)
    const bytes = statSync(path, { throwIfNoEntry: false })?.size
    if (bytes !== undefined) out.push({ name: path.slice(folder.length + 1).replaceAll('\\', '/'), bytes })
  }
  return out.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** For small files that another process rewrites: what cannot be read counts as absent. */
function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

function exists(folder: string): CotrainError {
  return new CotrainError({ code: 'run-state', path: folder, message: 'this run exists already.' })
}
