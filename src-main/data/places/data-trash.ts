import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { DataRecord } from './library-records.ts'
import { findRecord, recordFile } from './library-records.ts'
import { homeLayout } from '../../disk/home-layout.ts'

/** Removed sets stay in a folder of the library until somebody empties it. */
const trashOf = (home: string): string => homeLayout(home).removedData

/** Takes a set out of the list; a data file of the library goes along, the user's own files stay where they are. */
export async function moveToTrash(record: DataRecord, { home }: Pick<DataDeps, 'home'>): Promise<void> {
  await mkdir(trashOf(home), { recursive: true })
  // The file goes first: a record without its file would be shown as missing, a file without record is only kept.
  if (dirname(record.path) === homeLayout(home).datasets && existsSync(record.path))
    await rename(record.path, join(trashOf(home), basename(record.path)))
  const file = recordFile(home, record.id)
  await rename(file, join(trashOf(home), basename(file)))
}

/** Brings a removed set back. @throws CotrainError `not-found` where it is not in the trash. */
export async function restoreFromTrash(id: string, deps: Pick<DataDeps, 'home'>): Promise<DataRecord> {
  const { home } = deps
  const kept = join(trashOf(home), `${id}.json`)
  if (!/^[0-9a-f]{64}$/.test(id) || !existsSync(kept))
    throw new CotrainError({ code: 'not-found', path: id, message: 'this set is not in the trash.' })
  const data = join(trashOf(home), `${id}.h5`)
  if (existsSync(data)) await rename(data, join(homeLayout(home).datasets, `${id}.h5`))
  await rename(kept, recordFile(home, id))
  return findRecord(id, deps)
}
