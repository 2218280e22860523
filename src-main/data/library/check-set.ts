import { existsSync } from 'node:fs'
import { toProblems } from '../../../src-shared/contract/errors.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'
import { openCanonical, verifyCanonical } from '../../io/canonical/read.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { throwIfCancelled, watchedSet } from '../content/watched-work.ts'
import { describeImages, openAllParts } from '../describe/describe-images.ts'
import { describeResponses } from '../describe/describe-responses.ts'
import type { DataContent } from '../describe/library-content.ts'
import type { DataRecord } from '../places/library-records.ts'
import { readRecords, writeRecord } from '../places/library-records.ts'

/**
 * Finds out what adding has left for later and keeps it with the set. What was done to the set meanwhile stays; nothing happens to one
 * that is checked, removed, or whose files are away. What cannot be read becomes a finding.
 */
export async function checkSet(id: string, deps: DataDeps): Promise<void> {
  const record = await recordWith(id, deps)
  if (record === undefined || record.checked || !existsSync(record.path)) return
  const found = await contentOrProblem(record, deps)
  const now = await recordWith(id, deps)
  if (now === undefined) return
  await writeRecord({ ...now, ...found, checked: true }, deps)
}

/** Says with the set that its checks died, so that nobody waits for them. */
export async function giveUpChecking(
  id: string,
  error: unknown,
  deps: Pick<DataDeps, 'home'>,
): Promise<void> {
  const record = await recordWith(id, deps)
  if (record === undefined || record.checked) return
  const findings = [...record.findings, ...toProblems(error).map(unreadable)]
  await writeRecord({ ...record, findings, checked: true }, deps)
}

const recordWith = async (id: string, deps: Pick<DataDeps, 'home'>): Promise<DataRecord | undefined> =>
  (await readRecords(deps)).find((record) => record.id === id)

async function contentOrProblem(record: DataRecord, deps: DataDeps): Promise<Partial<DataRecord>> {
  try {
    const { facts, findings, ...content } = await contentOf(record, deps)
    return { ...content, facts: [...facts], findings: [...findings] }
  } catch (error) {
    throwIfCancelled(deps)
    return { findings: [...record.findings, ...toProblems(error).map(unreadable)] }
  }
}

async function contentOf(record: DataRecord, deps: DataDeps): Promise<DataContent> {
  if (record.kind === 'images')
    return describeImages(watchedSet(await openAllParts(record, deps), deps), record.path)
  const file = await openCanonical(record.path)
  try {
    await verifyCanonical(file)
    return await describeResponses(file, 'full', deps.progress)
  } finally {
    file.close()
  }
}

const unreadable = ({ path, message, hint }: ReturnType<typeof toProblems>[number]): Finding => ({
  code: 'unreadable',
  severity: 'error',
  message: `${path === undefined ? '' : `${path}: `}${message}`,
  reason: 'The checks could not be finished, and a run on this set stops at the same place.',
  fix: `${hint ?? 'Mend the file.'} Then check again.`,
  ...(path !== undefined && { where: { file: path } }),
})
