import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { TrashedRun } from '../../../src-shared/contract/run-answers.ts'
import { filesOf, readNotes, readRecord } from '../../store/files/run-folder.ts'
import type { RunStore } from '../../store/run-store.ts'

/** Name of a folder in the trash: id and time of removal. */
const TRASHED = /^([0-9a-f]{10,64})-(\d+)$/

function entriesOf({ layout }: RunStore): { folder: string; id: string; removedAt: number }[] {
  if (!existsSync(layout.trash)) return []
  return readdirSync(layout.trash).flatMap((name) => {
    const [, id, time] = TRASHED.exec(name) ?? []
    return id === undefined ? [] : [{ folder: join(layout.trash, name), id, removedAt: Number(time) }]
  })
}

/** Removed runs, latest first; what was removed several times counts as one. */
export function trashedRuns(store: RunStore): TrashedRun[] {
  const out = new Map<string, TrashedRun>()
  for (const { folder, id, removedAt } of entriesOf(store).sort((a, b) => b.removedAt - a.removedAt)) {
    const bytes = filesOf(folder).reduce((sum, file) => sum + file.bytes, 0)
    const known = out.get(id)
    if (known === undefined) out.set(id, { id, ...nameOf(folder), removedAt, bytes })
    else out.set(id, { ...known, bytes: known.bytes + bytes })
  }
  return [...out.values()]
}

function nameOf(folder: string): { name: string; seed: number | null } {
  try {
    const record = readRecord(folder)
    return { name: readNotes(folder).name ?? record.name, seed: record.config.seed }
  } catch {
    return { name: '', seed: null } // a damaged run is a reason to remove it
  }
}

/** Deletes runs of the trash for good. @throws CotrainError naming the first that is not there; then nothing is deleted. */
export function deleteForever(store: RunStore, ids: readonly string[]): void {
  const entries = entriesOf(store)
  const missing = ids.find((id) => !entries.some((entry) => entry.id === id))
  if (missing !== undefined)
    throw new CotrainError({
      code: 'run-missing',
      path: missing.slice(0, 10),
      message: 'it is not in the trash.',
    })
  const wanted = new Set(ids)
  for (const { folder, id } of entries) if (wanted.has(id)) rmSync(folder, { recursive: true, force: true })
}
