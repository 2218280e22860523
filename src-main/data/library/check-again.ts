import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'
import { openCanonical, verifyCanonical } from '../../io/canonical/read.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { requireUnchanged } from '../content/manifest.ts'
import { watchedSet } from '../content/watched-work.ts'
import { describeImages, openAllParts } from '../describe/describe-images.ts'
import type { DataRecord } from '../places/library-records.ts'
import { findRecord, writeRecord } from '../places/library-records.ts'
import { present } from '../places/registered-set.ts'
import { recordOf } from './recording-record.ts'
import { contentOf } from './relocate-data.ts'

/** Reads the whole set again, compares it with its record, examines it, and keeps what was found with the set. */
export async function checkAgain(id: string, deps: DataDeps): Promise<void> {
  await writeRecord(await examine(await findRecord(id, deps), deps), deps)
}

async function examine(record: DataRecord, deps: DataDeps): Promise<DataRecord> {
  await present(record, deps)
  if (record.kind === 'neural') return examineFile(record, deps)
  const manifest = await contentOf(record, deps, 'again')
  const set = watchedSet(await openAllParts(record, deps), deps)
  const content = await describeImages(set, record.path)
  const { path, rule } = record
  const changed = differences(() => requireUnchanged(record.manifest, manifest, path, rule))
  return {
    ...record,
    ...content,
    checked: true,
    facts: [...content.facts],
    findings: [...changed, ...content.findings],
  }
}

async function examineFile(record: DataRecord, deps: DataDeps): Promise<DataRecord> {
  const file = await openCanonical(record.path)
  try {
    await verifyCanonical(file)
  } finally {
    file.close()
  }
  const again = await recordOf(
    { file: record.path, hash: record.id, origin: record.origin, name: record.name },
    deps,
  )
  return {
    ...again,
    aliases: record.aliases,
    addedAt: record.addedAt,
    id: record.id,
    ignored: record.ignored,
    options: record.options,
    formerly: record.formerly,
  }
}

/** What no longer agrees with the record, as findings. */
function differences(compare: () => void): Finding[] {
  try {
    compare()
    return []
  } catch (error) {
    if (!(error instanceof CotrainError)) throw error
    return error.problems.map(({ path, message }) => ({
      code: 'data-changed',
      severity: 'error' as const,
      message: `${path ?? ''}: ${message}`,
      reason: 'Runs that were trained on this set used other data.',
      fix: 'Put the earlier files back, or add the folder again as a new set.',
    }))
  }
}
