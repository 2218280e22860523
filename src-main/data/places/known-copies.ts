import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { homeLayout } from '../../disk/home-layout.ts'
import { readRecord } from '../../store/files/run-folder.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import { shortId } from '../../store/list/run-summary.ts'
import { dataPlaces } from './data-places.ts'
import { readRecords } from './library-records.ts'

/** A place at which this home has seen some content. */
export interface KnownCopy {
  readonly name: string
  readonly path: string
}

interface Sought {
  /** Where the content was. */
  readonly path?: string
  /** What it is, where that is known. */
  readonly fingerprint?: string | undefined
}

/** Copies of a content that this home knows: registered sets, and places from which other runs have read it. */
export async function knownCopies({ path, fingerprint }: Sought, home: string): Promise<KnownCopy[]> {
  const sets = await readRecords({ home })
  const runs = runRecords(home).flatMap((record) =>
    dataPlaces(record.config.dataset, { home, folder: record.folder }, sets).map((place) => ({
      name: `run ${shortId(record.id)}`,
      path: place.path,
      present: place.present,
      content: record.identity.parts?.[place.part],
    })),
  )
  const wasAt = (place: string): boolean => path !== undefined && place === path
  const contents = new Set([
    ...(fingerprint === undefined ? [] : [fingerprint]),
    ...sets.flatMap(({ id, origin, path: now, formerly }) =>
      [origin, now, ...formerly].some(wasAt) ? [id] : [],
    ),
    ...runs.flatMap((run) => (wasAt(run.path) && run.content !== undefined ? [run.content] : [])),
  ])
  const copies = [
    ...sets
      .filter(({ id, path: now }) => contents.has(id) && existsSync(now))
      .map(({ name, path: now }) => ({ name: `registered set "${name}"`, path: now })),
    ...runs.filter(({ present, content }) => present && content !== undefined && contents.has(content)),
  ].filter((copy) => !wasAt(copy.path))
  return [...new Map(copies.map(({ name, path: now }) => [now, { name, path: now }])).values()]
}

/** Every run that can be read. */
function runRecords(home: string): RunRecord[] {
  const { runs } = homeLayout(home)
  if (!existsSync(runs)) return []
  return readdirSync(runs).flatMap((id) => {
    try {
      return [readRecord(join(runs, id))]
    } catch {
      return [] // no run, or one of a later version: it names no place
    }
  })
}

/** Data that are not where they are said to be, with the copies that are known: none is taken without being named. */
export async function missingData(
  problem: { readonly path: string; readonly message: string; readonly hint: string },
  sought: Sought,
  home: string,
): Promise<CotrainError> {
  const hint = [problem.hint, ...copiesHint(await knownCopies(sought, home))].join(' ')
  return new CotrainError({ ...problem, code: 'data-missing', hint })
}

/** One sentence that names the copies; none where there are none. */
export const copiesHint = (copies: readonly KnownCopy[]): string[] =>
  copies.length === 0
    ? []
    : [`Known copies: ${copies.map(({ name, path }) => `${name} in ${path}`).join(', ')}.`]
