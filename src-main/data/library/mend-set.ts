import { randomBytes } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { SetFix } from '../../../src-shared/contract/views.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'
import type { CanonicalSession } from '../../io/canonical/set.ts'
import { AREA_NOT_STATED } from '../../io/importers/base/areas.ts'
import { importNotes } from '../../io/canonical/import-notes.ts'
import { loadCanonical, openCanonical } from '../../io/canonical/read.ts'
import { writeCanonical } from '../../io/canonical/write.ts'
import { homeLayout } from '../../disk/home-layout.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { moveToTrash } from '../places/data-trash.ts'
import { infoOf } from '../places/library-info.ts'
import type { DataRecord } from '../places/library-records.ts'
import { writeRecord } from '../places/library-records.ts'
import { type Rewriting, mendedContent } from './mended-content.ts'
import { recordOf } from './recording-record.ts'

export interface MendRequest {
  readonly fix: SetFix
  /** later: what the checks find in the set that was written anew is not waited for. */
  readonly checks?: 'now' | 'later'
}

/** Finding that a share of test images settles. */
const NO_TEST = 'no-test-trials'

/**
 * Mends what a finding tells. A recording that is written anew is another set by content, and takes the name and place of the earlier
 * one, which goes to the trash. @throws CotrainError where there is nothing to mend
 */
export async function mendSet(
  record: DataRecord,
  { fix, checks }: MendRequest,
  deps: DataDeps,
): Promise<DataRecord> {
  if (record.kind === 'images')
    throw new CotrainError({
      code: 'not-allowed',
      path: record.name,
      message: 'images with classes are files of yours, which are never changed here.',
      hint: 'Mend the files and check again, or set the finding aside with a reason.',
    })
  if (fix.kind === 'test-share') return withTestShare(record, fix, deps)
  const { datasets } = homeLayout(deps.home)
  const incoming = join(datasets, `.${process.pid}-${randomBytes(4).toString('hex')}.h5`)
  try {
    const hash = (await rewrite(record, fix, incoming, deps)).replace(/^sha256:/, '')
    const file = join(datasets, `${hash}.h5`)
    await rename(incoming, file)
    const made = await recordOf({ file, hash, origin: record.origin, name: record.name, checks }, deps)
    const { aliases, ignored, options } = record
    const changed = { ...made, aliases, ignored, options }
    await writeRecord(changed, deps)
    await moveToTrash(record, deps)
    return changed
  } finally {
    await rm(incoming, { force: true })
  }
}

/** Kept with the set as options of the experiments on it; the finding is set aside with what was decided. */
async function withTestShare(
  record: DataRecord,
  { share, seed }: Extract<SetFix, { kind: 'test-share' }>,
  deps: DataDeps,
): Promise<DataRecord> {
  const { test_frac: _share, test_seed: _seed, ...others } = record.options
  const keys = infoOf(record).findings.flatMap(({ code, key }) => (code === NO_TEST && key ? [key] : []))
  const kept = Object.entries(record.ignored).filter(([key]) => !keys.includes(key))
  const reason = `New experiments on this set keep ${Math.round(100 * share)} % of the images for testing, seed ${seed}.`
  const decided = share === 0 ? [] : keys.map((key) => [key, { reason, at: deps.date().getTime() }] as const)
  const changed = {
    ...record,
    options: share === 0 ? others : { ...others, test_frac: share, test_seed: seed },
    ignored: Object.fromEntries([...kept, ...decided]),
  }
  await writeRecord(changed, deps)
  return changed
}

async function rewrite(record: DataRecord, fix: Rewriting, to: string, deps: DataDeps): Promise<string> {
  const file = await openCanonical(record.path)
  try {
    const set = loadCanonical(file)
    const { images = set.images, sessions, what, value } = await mendedContent(file, fix, record.name)
    const done = { what, value, by: 'option' }
    const notes = importNotes(file)
    const findings = notes.findings.flatMap((finding) => stillTrue(finding, sessions))
    const provenance = { ...set.provenance, choices: [...notes.choices, done], findings }
    return await writeCanonical(to, { ...set, images, provenance, sessions }, deps.date().toISOString())
  } finally {
    file.close()
  }
}

/** What the import found, as far as it holds of the sessions as they are now. */
function stillTrue(finding: Finding, sessions: readonly CanonicalSession[]): Finding[] {
  if (finding.code !== 'area-not-stated') return [finding]
  const keys = sessions.flatMap(({ key, area }) => (area === '' ? [key] : []))
  return keys.length === 0 ? [] : [{ ...finding, message: AREA_NOT_STATED(keys) }]
}
