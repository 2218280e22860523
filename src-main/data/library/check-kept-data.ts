import { relative } from 'node:path'
import { toProblems } from '../../../src-shared/contract/errors.ts'
import { openCanonical, verifyCanonical } from '../../io/canonical/read.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { requireUnchanged } from '../content/manifest.ts'
import type { DataRecord } from '../places/library-records.ts'
import { readRecords } from '../places/library-records.ts'
import { present } from '../places/registered-set.ts'
import { contentOf } from './relocate-data.ts'

/** A set whose content is not what its record says; `path` lies below the home where it can. */
interface ChangedSet {
  readonly path: string
  readonly name: string
  readonly problem: string
}

/**
 * Reads every file of every data set of the library and compares it with what was written down when the set was added. Changes
 * nothing; what is wrong with one set hides no other. `progress` hears how many were read.
 */
export async function checkKeptData(
  deps: DataDeps,
  progress: (done: number, all: number) => void = () => undefined,
): Promise<{ sets: number; changed: readonly ChangedSet[] }> {
  const records = await readRecords(deps)
  const changed: ChangedSet[] = []
  for (const [done, record] of records.entries()) {
    progress(done, records.length)
    try {
      await compare(record, deps)
    } catch (error) {
      const inside = relative(deps.home, record.path).replaceAll('\\', '/')
      const path = inside.startsWith('..') ? record.path : inside
      for (const { message } of toProblems(error)) changed.push({ path, name: record.name, problem: message })
    }
  }
  return { sets: records.length, changed }
}

/** @throws CotrainError naming what is missing or differs */
async function compare(record: DataRecord, deps: DataDeps): Promise<void> {
  await present(record, deps)
  if (record.kind !== 'neural')
    return requireUnchanged(record.manifest, await contentOf(record, deps, 'again'), record.path, record.rule)
  const file = await openCanonical(record.path)
  try {
    await verifyCanonical(file)
  } finally {
    file.close()
  }
}
