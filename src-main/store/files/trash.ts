import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { flushFolder } from '../../disk/flush-folder.ts'
import type { HomeLayout } from '../../disk/home-layout.ts'

/** Moves a run folder to the trash in one rename; its name there is the id and the time. */
export function moveToTrash(layout: HomeLayout, id: string, now: number): void {
  mkdirSync(layout.trash, { recursive: true })
  moved(join(layout.runs, id), join(layout.trash, `${id}-${now}`))
}

/** Brings the run back as it was when it was removed last. @throws CotrainError when it is not in the trash or exists. */
export function restoreFromTrash(layout: HomeLayout, id: string): void {
  const found = trashed(layout, id).at(-1)
  if (found === undefined)
    throw new CotrainError({
      code: 'run-missing',
      path: id,
      message: 'it is not in the trash.',
      hint: 'See `cotrain runs`: it may be among the runs still.',
    })
  if (existsSync(join(layout.runs, id)))
    throw new CotrainError({ code: 'run-state', path: id, message: 'a run with this id is there already.' })
  moved(join(layout.trash, found), join(layout.runs, id))
}

/** After a power loss a folder is where it was, or where it was moved to. */
function moved(from: string, to: string): void {
  renameSync(from, to)
  flushFolder(dirname(to))
  flushFolder(dirname(from))
}

/** Names in the trash of one run, oldest first. */
function trashed(layout: HomeLayout, id: string): string[] {
  if (!existsSync(layout.trash)) return []
  const time = (name: string): number => Number(name.slice(name.lastIndexOf('-') + 1))
  return readdirSync(layout.trash)
    .filter((name) => name.startsWith(`${id}-`))
    .sort((a, b) => time(a) - time(b))
}
