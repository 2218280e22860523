import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { detectFormat } from '../../data/library/inspect-data.ts'
import { findRecord, namesOf, readRecords } from '../../data/places/library-records.ts'

/** A set that a person named. */
export interface NamedSet {
  readonly kind: 'images' | 'neural'
  /** The word by which a config finds it: the name of a registered set, or the path. */
  readonly place: string
  readonly isRegistered: boolean
  readonly name: string
}

/** A registered set by name or fingerprint, else what lies at a path. @throws CotrainError where neither is there */
export async function namedSet(given: string, deps: DataDeps): Promise<NamedSet> {
  const path = await pathNamed(given, deps)
  if (path === null) {
    const { kind, name } = await findRecord(given, deps)
    return { kind, place: name, isRegistered: true, name }
  }
  const format = await detectFormat(path)
  const kind = format.kind === 'images' ? 'images' : 'neural'
  return { kind, place: path, isRegistered: false, name: basename(path) }
}

/** The path that a word means; null where it is the name of a registered set, or nothing lies there. */
export async function pathNamed(given: string, deps: DataDeps): Promise<string | null> {
  const path = resolve(deps.folder, given)
  if (!existsSync(path)) return null
  const isName = (await readRecords(deps)).some((record) => namesOf(record).includes(given))
  return isName ? null : path
}
