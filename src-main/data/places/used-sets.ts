import { resolve } from 'node:path'
import type { Result } from '../../../src-shared/contract/contract.ts'
import type { UsedDataSet } from '../../../src-shared/contract/run.ts'
import type { RunStore } from '../../store/run-store.ts'
import { infoOf } from './library-info.ts'
import type { DataRecord } from './library-records.ts'
import { isFingerprint, findRecord, namesOf, readRecords } from './library-records.ts'

/** Options that name a set or its place. */
const NAMING: ReadonlySet<string> = new Set(['dataset', 'data_set', 'data_dir'])
/** Runs that are named; the others are counted. */
const SHOWN = 50

function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? (NAMING.has(key) && inner !== '' ? [inner] : []) : namesIn(inner),
  )
}

/** Whether a dataset config names a set: by name, fingerprint or place. */
export function usesSet(
  choice: { readonly config: object },
  folder: string,
  set: Pick<DataRecord, 'id' | 'name' | 'aliases' | 'path' | 'origin'>,
): boolean {
  return namesIn(choice.config).some(
    (name) =>
      namesOf(set).includes(name) ||
      isFingerprint(name, set) ||
      [set.path, set.origin].includes(resolve(folder, name)),
  )
}

/** The registered sets that a config names, with their findings as they are now. */
export async function usedSets(
  choice: { readonly config: object },
  folder: string,
  home: string,
): Promise<UsedDataSet[]> {
  const records = await readRecords({ home })
  return records
    .filter((record) => usesSet(choice, folder, record))
    .map((record) => {
      const { id, name, findings, unchecked } = infoOf(record)
      return {
        id,
        name,
        ...(unchecked && { unchecked }),
        findings: findings.map(({ code, severity, message, key = code, ignored }) => ({
          ...{ key, severity, message },
          ...(ignored && { ignored: ignored.reason }),
        })),
      }
    })
}

/** One line for each set with findings of weight that nobody has set aside. */
export function openFindings(sets: readonly UsedDataSet[]): string[] {
  return sets.flatMap(({ name, findings, unchecked }) => {
    const open = findings.filter(({ severity, ignored }) => severity !== 'info' && ignored === undefined)
    const [first] = [...open].sort((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0))
    const waits = unchecked
      ? [`Data set ${name} is still being checked: what there is to know of it is not all known yet.`]
      : []
    if (first === undefined) return waits
    const more = open.length > 1 ? ` And ${open.length - 1} more.` : ''
    return [
      ...waits,
      `Data set ${name}: ${first.message}${more} Mend it, or set it aside with a reason on the page of the set.`,
    ]
  })
}

/** Runs whose config names the set, newest first. */
export async function runsUsing(store: RunStore, id: string): Promise<Result<'data.uses'>> {
  const set = await findRecord(id, { home: store.layout.home })
  const runs = store.list().runs.filter(({ id: run, readable }) => {
    if (!readable) return false
    const { config, folder } = store.read(run)
    return usesSet(config.dataset, folder, set)
  })
  const newest = runs.sort((a, b) => b.createdAt - a.createdAt)
  return {
    total: runs.length,
    runs: newest.slice(0, SHOWN).map(({ id: run, name, status }) => ({ id: run, name, status })),
  }
}
