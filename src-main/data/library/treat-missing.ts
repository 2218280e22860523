import { randomBytes } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { importNotes } from '../../io/canonical/import-notes.ts'
import { type MissingValue, withMissing } from '../../io/canonical/missing-values.ts'
import { loadCanonical, openCanonical } from '../../io/canonical/read.ts'
import { writeCanonical } from '../../io/canonical/write.ts'
import { recordOf } from './recording-record.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { moveToTrash } from '../places/data-trash.ts'
import type { DataRecord } from '../places/library-records.ts'
import { writeRecord } from '../places/library-records.ts'
import { homeLayout } from '../../disk/home-layout.ts'

/**
 * Writes a recording anew with the given responses as missing (NaN). It is another set by content, and takes the name and
 * place of the earlier one, which goes to the trash. @throws CotrainError where no response has such a value.
 */
export async function treatMissing(
  record: DataRecord,
  values: readonly MissingValue[],
  deps: DataDeps,
): Promise<DataRecord> {
  if (record.kind === 'images')
    throw new CotrainError({
      code: 'not-allowed',
      path: record.name,
      message: 'images with classes have no responses.',
    })
  const incoming = join(
    homeLayout(deps.home).datasets,
    `.${process.pid}-${randomBytes(4).toString('hex')}.h5`,
  )
  try {
    const hash = (await rewrite(record, values, incoming, deps)).replace(/^sha256:/, '')
    const file = join(homeLayout(deps.home).datasets, `${hash}.h5`)
    await rename(incoming, file)
    const changed = await recordOf({ file, hash, origin: record.origin, name: record.name }, deps)
    await writeRecord(changed, deps)
    await moveToTrash(record, deps)
    return changed
  } finally {
    await rm(incoming, { force: true })
  }
}

async function rewrite(
  record: DataRecord,
  values: readonly MissingValue[],
  to: string,
  deps: DataDeps,
): Promise<string> {
  const file = await openCanonical(record.path)
  try {
    const set = loadCanonical(file)
    const changed = set.sessions.map((session) => ({ session, ...withMissing(session.responses, values) }))
    const count = changed.reduce((sum, one) => sum + one.count, 0)
    if (count === 0)
      throw new CotrainError({
        code: 'not-found',
        path: record.name,
        message: `no response is ${values.join(' or ')}.`,
        hint: 'Name values that the responses have.',
      })
    const done = {
      what: 'Treated as missing',
      value: `${values.join(', ')}: ${count} responses`,
      by: 'option',
    }
    const provenance = { ...set.provenance, choices: [...importNotes(file).choices, done] }
    const sessions = changed.map(({ session, responses }) => ({ ...session, responses }))
    return await writeCanonical(to, { ...set, provenance, sessions }, deps.date().toISOString())
  } finally {
    file.close()
  }
}
