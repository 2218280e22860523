import type { Problem } from '../../../src-shared/contract/errors.ts'
import { wordOf } from '../../../src-shared/schema/words.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import type { DataPlace } from '../../data/places/data-places.ts'
import { dataPlaces } from '../../data/places/data-places.ts'
import type { KnownCopy } from '../../data/places/known-copies.ts'
import { copiesHint, knownCopies } from '../../data/places/known-copies.ts'
import { readRecords } from '../../data/places/library-records.ts'

/** Where the data of a run lie. */
export async function placesOf({ config, folder }: RunRecord, home: string): Promise<DataPlace[]> {
  return dataPlaces(config.dataset, { home, folder }, await readRecords({ home })) // validated when made
}

/** The same with the copies that this home knows of what is missing. */
export async function placesWithCopies(
  record: RunRecord,
  home: string,
): Promise<(DataPlace & { readonly copies: KnownCopy[] })[]> {
  const places = await placesOf(record, home)
  const copies = ({ part, path, present }: DataPlace): Promise<KnownCopy[]> =>
    present ? Promise.resolve([]) : knownCopies({ path, fingerprint: record.identity.parts?.[part] }, home)
  return Promise.all(places.map(async (place) => ({ ...place, copies: await copies(place) })))
}

/** One problem for each place where data of a run are no longer, with the copies that are known. */
export async function missingPlaces(record: RunRecord, home: string): Promise<Problem[]> {
  const missing = (await placesWithCopies(record, home)).filter(({ present }) => !present)
  const short = record.id.slice(0, 10)
  const fix = `Say where they are now: cotrain resume ${short} --data-dir <folder>.`
  return missing.map(({ part, path, copies }) => ({
    code: 'data-missing',
    path,
    message: `the data of ${wordOf(part)} of run ${short} are no longer there.`,
    hint: [fix, ...copiesHint(copies)].join(' '),
  }))
}
