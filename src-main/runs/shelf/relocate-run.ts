import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import { LIVE } from '../../../src-shared/contract/run.ts'
import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import { openEventWriter } from '../../store/history/event-writer.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import type { DataPlace } from '../../data/places/data-places.ts'
import { withPlace } from '../../data/places/data-places.ts'
import { findIn, readRecords } from '../../data/places/library-records.ts'
import { partFingerprint } from '../../data/sources/part-content.ts'
import { relocateData } from '../../data/library/relocate-data.ts'
import type { DescribeData } from '../workers/engine-parts.ts'
import { isSameData, ruleOf } from '../workers/engine-parts.ts'
import { placesOf } from '../create/run-places.ts'

export interface RelocateOptions {
  readonly store: RunStore
  readonly describeData: DescribeData
  /** `folder`: where the new place is seen from. */
  readonly deps: DataDeps
}

/** One reading of the new place: the config that takes a part from there, and what was found. */
interface Attempt {
  readonly place: DataPlace
  readonly choice: DatasetChoice
  readonly expected: string | undefined
  readonly found: string | null
  readonly problems: readonly Problem[]
}

/**
 * Says where data of a run are now. The part that the new place holds is found by its content, which has to be what the run was
 * queued with; the id stays. @throws CotrainError `data-changed` with the fingerprints that were expected and found
 */
export async function relocateRun(
  { store, describeData, deps }: RelocateOptions,
  id: string,
  to: string,
): Promise<DataPlace> {
  const record = store.read(id)
  const path = resolve(deps.folder, to)
  const places = await placesToFill(record, path, deps)
  const attempts: Attempt[] = []
  for (const place of places) {
    const attempt = await tryAt(record, place, path, deps)
    attempts.push(attempt)
    if (attempt.found === null || (attempt.expected !== undefined && attempt.found !== attempt.expected))
      continue
    const described = await describeData(attempt.choice, record.config.data_seed, record.folder)
    const isWhole = described.problems.length === 0
    // Other parts may still be missing; those that tell nothing about themselves are known as a whole only.
    if (!isWhole && attempt.expected === undefined) throw new CotrainError(described.problems)
    if (isWhole && !(await isSameData(record.identity, described)))
      throw otherContent(record, path, [
        { ...attempt, expected: record.identity.data, found: described.fingerprint },
      ])
    await keep(store, record, attempt, path)
    return { ...place, path, present: true }
  }
  throw otherContent(record, path, attempts)
}

/** Parts that could lie in the new place, those that are missing first. */
async function placesToFill(record: RunRecord, path: string, { home }: DataDeps): Promise<DataPlace[]> {
  const refuse = (
    code: 'run-state' | 'file-missing',
    where: string,
    message: string,
    hint: string,
  ): never => {
    throw new CotrainError({ code, path: where, message, hint })
  }
  const short = record.id.slice(0, 10)
  if (LIVE.has(record.status))
    refuse('run-state', short, `it is ${record.status}, and reads its data.`, 'Stop it first.')
  if (!existsSync(path)) refuse('file-missing', path, 'no such folder or file.', 'Check the path.')
  const places = (await placesOf(record, home)).sort((a, b) => Number(a.present) - Number(b.present))
  if (places.length === 0)
    refuse('run-state', short, 'its data are made by the application and lie nowhere.', 'Resume it as it is.')
  const missing = places.filter(({ present }) => !present)
  return record.identity.parts === undefined && missing.length > 0 ? missing : places
}

async function tryAt(record: RunRecord, place: DataPlace, path: string, deps: DataDeps): Promise<Attempt> {
  const { dataset, data_seed: seed } = record.config
  const expected = record.identity.parts?.[place.part]
  try {
    const stated = place.set !== null && place.part === 'img_classification'
    const value = stated ? await registeredAt(place.set, expected, path, deps) : path
    const choice = withPlace(dataset, place, value)
    const found = await partFingerprint(choice, place.part, seed, ruleOf(record.identity), {
      ...deps,
      folder: record.folder,
    })
    return { place, choice, expected, found, problems: [] }
  } catch (error) {
    if (!(error instanceof CotrainError)) throw error
    return { place, choice: dataset, expected, found: null, problems: toProblems(error) }
  }
}

/** A registered set of images stays one: it is moved, whatever it is called here. */
async function registeredAt(
  name: string,
  expected: string | undefined,
  path: string,
  deps: DataDeps,
): Promise<string> {
  const records = await readRecords(deps)
  const set = findIn(records, name) ?? records.find(({ id }) => id === expected)
  if (set === undefined)
    throw new CotrainError({
      code: 'data-missing',
      path: name,
      message: 'no registered data set has this name or this content.',
      hint: `Add it first: cotrain data add ${path}.`,
    })
  if (set.path !== path) await relocateData(set, path, deps)
  return set.id
}

async function keep(
  store: RunStore,
  record: RunRecord,
  { place, choice }: Attempt,
  path: string,
): Promise<void> {
  store.checkWritable()
  await store.write({ ...record, config: { ...record.config, dataset: { ...choice } } })
  const events = openEventWriter(store.files(record.id).events)
  const text = `the data of ${place.part} are now in ${path}; before: ${place.path}`
  try {
    events.add({ kind: 'log', level: 'info', text, segment: record.segment, at: store.now() })
  } finally {
    events.close()
  }
}

function otherContent(record: RunRecord, path: string, attempts: readonly Attempt[]): CotrainError {
  const short = record.id.slice(0, 10)
  return new CotrainError(
    attempts.flatMap(({ place, expected, found, problems }): Problem[] => {
      if (found === null)
        return problems.map((problem) => ({ ...problem, message: `${place.part}: ${problem.message}` }))
      const message = `holds other data than those of run ${short}: ${place.part} expected ${expected}, found ${found}.`
      const hint =
        'Give the folder in which its data are; to train on these, queue the config with this folder.'
      return [{ code: 'data-changed', path, message, hint }]
    }),
  )
}
