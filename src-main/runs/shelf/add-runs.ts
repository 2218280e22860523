import { randomBytes } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { AddedRuns } from '../../../src-shared/contract/run-answers.ts'
import { plainEnd } from '../../../src-shared/contract/run-end.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import { readRecord, writeRecord } from '../../store/files/run-folder.ts'
import { homeLayout } from '../../disk/home-layout.ts'
import type { RunLayout } from '../../store/files/layout.ts'
import { runLayout } from '../../store/files/layout.ts'
import { isRunId } from '../../store/files/run-id.ts'
import type { RunStore } from '../../store/run-store.ts'

/** What belongs to the process that works on a run, not to the run. */
const notCopied = ({ lock, live, stop }: RunLayout): readonly string[] => [lock, live, stop]

/**
 * Copies runs from elsewhere into the home: the folder of one run, a folder of such folders, or another home. A run of an id
 * that is there already is left as it is; a folder that cannot be read is named and the others are taken.
 * @throws CotrainError when the path holds no run at all
 */
export async function addRuns(store: RunStore, path: string, from: string): Promise<AddedRuns> {
  const out: { added: string[]; known: string[]; problems: AddedRuns['problems'] } = {
    added: [],
    known: [],
    problems: [],
  }
  for (const folder of runFolders(resolve(from, path))) {
    try {
      const { id, isNew } = await addRun(store, folder)
      ;(isNew ? out.added : out.known).push(id)
    } catch (error) {
      out.problems.push(...toProblems(error).map((p) => ({ path: basename(folder), ...p })))
    }
  }
  return out
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

function runFolders(path: string): string[] {
  if (!isFolder(path)) {
    throw new CotrainError({
      code: 'file-missing',
      path,
      message: 'no such folder.',
      hint: 'Give the folder of a run, a folder of runs, or the storage folder of another machine.',
    })
  }
  const isRun = (folder: string): boolean => existsSync(runLayout(folder).record)
  if (isRun(path)) return [path]
  const runs = homeLayout(path).runs
  const parent = isFolder(runs) ? runs : path
  const found = readdirSync(parent)
    .map((name) => join(parent, name))
    .filter((folder) => isFolder(folder) && (isRun(folder) || isRunId(basename(folder))))
  if (found.length > 0) return found
  throw new CotrainError({
    code: 'file-invalid',
    path,
    message: 'holds no run: no folder with a run.json is in it.',
    hint: 'Choose the folder that has a run.json in it, or the one above.',
  })
}

async function addRun(store: RunStore, folder: string): Promise<{ id: string; isNew: boolean }> {
  const record = readRecord(folder)
  const { id } = record
  const target = store.files(id).folder
  if (store.exists(id)) return { id, isNew: false }
  // Begins with a dot and is no id: readers of the folder pass over it until it is complete.
  const temporary = join(store.layout.runs, `.new-${randomBytes(6).toString('hex')}`)
  const left = notCopied(runLayout(folder))
  try {
    await cp(folder, temporary, {
      recursive: true,
      filter: (source) => !left.includes(source) && !lstatSync(source).isSymbolicLink(),
    })
    // What waited in another queue must not begin to train here by itself.
    if (record.status === 'queued')
      await writeRecord(store.disk, temporary, {
        ...record,
        status: 'stopped',
        reason: 'copied from another queue',
        end: plainEnd('out-of-queue', record.epoch),
      })
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    throw error
  }
  return { id, isNew: true }
}
