import { existsSync } from 'node:fs'
import type { DataDeps } from '../content/data-deps.ts'
import { missingData } from './known-copies.ts'
import type { DataRecord } from './library-records.ts'
import { findRecord, unknownSet } from './library-records.ts'

/** A registered set of the given kind. @throws CotrainError `data-missing` where there is none, or its files are gone. */
export async function registered(
  name: string,
  kind: DataRecord['kind'],
  deps: Pick<DataDeps, 'home'>,
): Promise<DataRecord> {
  const found = await findRecord(name, deps)
  if (found.kind !== kind) {
    const needed = kind === 'images' ? 'images with class labels' : 'responses'
    throw unknownSet(
      name,
      `holds ${found.kind === 'images' ? 'images' : 'responses'}, ${needed} are needed here.`,
      'Name another set.',
    )
  }
  return present(found, deps)
}

/** @throws CotrainError `data-missing` where the files of a set are gone, with what finds them again */
export async function present(record: DataRecord, { home }: Pick<DataDeps, 'home'>): Promise<DataRecord> {
  const { id, name, path } = record
  if (existsSync(path)) return record
  const message = `the data set "${name}" is no longer there.`
  const hint = `Say where it is now (\`cotrain data relocate "${name}" <folder>\`, or "Find it again" on its page), or put it back.`
  throw await missingData({ path, message, hint }, { path, fingerprint: id }, home)
}
