import { basename, dirname } from 'node:path'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import type { ImportOptions } from '../../../../src-shared/schema/importer/importers.ts'
import type { CanonicalImages, Trials } from '../../canonical/set.ts'
import { TIERS } from '../../canonical/set.ts'
import { withFile } from '../../formats/base/byte-source.ts'
import { openTree } from '../../formats/zip/file-tree.ts'
import { invalidFile, missingFile, refusedFile } from '../../formats/base/problem.ts'
import { decodeText } from '../../formats/base/text-encoding.ts'
import { decodedImages } from '../../images/sources/decoded-images.ts'
import { imageEntries } from '../../images/sources/image-entry.ts'
import { type CsvTable, parseCsv } from './csv.ts'
import type { ImportedSession, ImportedSet, Layout } from '../base/importer.ts'
import { readTiers, tierColumns } from '../base/tiers.ts'
import { BEHAVIOR_PREFIX, PUPIL_COLUMNS, repeatNumbers } from '../base/trial-fields.ts'

type Options = ImportOptions<'csv-folder'>

const TABLE = /\.[ct]sv$/i
const UNIT_PREFIX = 'unit_'
const FIELDS = ['image', 'session', 'repeat', 'area']
const MAX_CSV_BYTES = 2 ** 29

/** A folder of images with one .csv: columns image, unit_..., and if wanted session, repeat, tier, behavior_..., pupil_x, pupil_y. */
export const csvFolder: Layout<'csv-folder'> = {
  kind: 'csv-folder',
  detect: (path) => findTable(path) !== null,
  async read(path, options, workFolder, onDecoded) {
    const table = findTable(path)
    if (!table) throw missingFile(path, 'holds no .csv file.', 'Put the table into the folder of the images.')
    const csv = readTable(table)
    const tree = openTree(statSync(path).isDirectory() ? path : dirname(path))
    try {
      const found = imageEntries(tree)
      const column = csv.columns.indexOf('image')
      if (column < 0)
        throw invalidFile(table, 'line 1', 'has no column "image".', `Columns: ${csv.columns.join(', ')}.`)
      const shown = [...new Set(csv.rows.map((row) => row[column] ?? ''))].sort()
      const entries = shown.map((name) => {
        const exact = found.filter((candidate) => candidate.name === name)
        const [match, other] =
          exact.length > 0 ? exact : found.filter((candidate) => basename(candidate.name) === name)
        if (!match || other)
          throw invalidFile(
            table,
            'column image',
            other
              ? `"${name.slice(0, 80)}" is the name of several images: ${match?.name ?? ''}, ${other.name}.`
              : `"${name.slice(0, 80)}" is not in the folder.`,
            other ? 'Name them with their folder.' : 'Use the file names of the images.',
          )
        return match.entry
      })
      const source = await decodedImages(entries, {
        cacheFolder: workFolder,
        ...(options.fit && { fit: options.fit }),
        ...(onDecoded && { onProgress: onDecoded }),
      })
      const id = Int32Array.from(shown, (_, i) => i)
      const images: CanonicalImages = {
        source,
        id,
        origin: shown,
      }
      const set = toSet(path, table, csv, images, new Map(shown.map((name, i) => [name, i])), options)
      return statSync(path).isDirectory()
        ? { ...set, seen: [table, ...entries.map((entry) => entry.path)] }
        : set
    } finally {
      tree.close()
    }
  },
}

function findTable(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isFile()) return TABLE.test(path) ? path : null
  if (!stat?.isDirectory()) return null
  const tables = readdirSync(path).filter((name) => TABLE.test(name))
  return tables.length === 1 ? join(path, tables[0]!) : null // length 1
}

function readTable(path: string): CsvTable {
  return withFile(path, (source) => {
    if (source.size > MAX_CSV_BYTES)
      throw refusedFile(
        path,
        null,
        `has ${source.size} bytes, the limit is ${MAX_CSV_BYTES}.`,
        'Store the responses as .npy.',
      )
    return parseCsv(decodeText(source.read(0, source.size), path), path)
  })
}

function toSet(
  path: string,
  file: string,
  csv: CsvTable,
  images: CanonicalImages,
  idOf: ReadonlyMap<string, number>,
  options: Options,
): ImportedSet {
  const session = csv.columns.indexOf('session')
  const name = basename(path).replace(/\.[ct]sv$/i, '')
  const keys = session < 0 ? [name] : [...new Set(csv.rows.map((row) => row[session] ?? ''))].sort()
  return {
    name,
    origin: { table: basename(file) },
    left: unusedColumns(csv),
    images,
    sessions: keys.map((key) =>
      toSession(
        file,
        csv,
        key,
        session < 0 ? csv.rows : csv.rows.filter((row) => row[session] === key),
        idOf,
        options,
      ),
    ),
  }
}

function toSession(
  file: string,
  { columns }: CsvTable,
  key: string,
  rows: CsvTable['rows'],
  idOf: ReadonlyMap<string, number>,
  options: Options,
): ImportedSession {
  const units = unitColumns(file, columns)
  const tier = tierColumn(file, columns)
  const area = areaOf(file, columns, rows, key)
  const responses = Float32Array.from(
    rows.flatMap((row, r) =>
      units.map((column) => cellNumber(file, columns[column] ?? '', row[column] ?? '', r)),
    ),
  )
  return {
    key,
    subject: options.subject,
    area,
    species: options.species,
    responseKind: options.responseKind ?? null,
    ...(options.binMs !== undefined && { binMs: options.binMs }),
    ...(options.t0Ms !== undefined && { t0Ms: options.t0Ms }),
    trials: trialsOf(file, columns, tier, rows, idOf, options),
    units: { id: units.map((column) => (columns[column] ?? '').slice(UNIT_PREFIX.length)) },
    responses,
    bins: 1,
  }
}

function unitColumns(file: string, columns: readonly string[]): readonly number[] {
  const units = columns.flatMap((column, i) => (column.startsWith(UNIT_PREFIX) ? [i] : []))
  if (units.length > 0) return units
  throw invalidFile(
    file,
    'line 1',
    'has no column whose name starts with "unit_".',
    `Columns: ${columns.join(', ')}.`,
  )
}

/** The one area of a session; empty where the table names none. */
function areaOf(file: string, columns: readonly string[], rows: CsvTable['rows'], session: string): string {
  const column = columns.indexOf('area')
  if (column < 0) return ''
  const area = rows[0]?.[column]
  const other = rows.find((row) => row[column] !== area)
  if (other === undefined) return area ?? ''
  throw invalidFile(
    file,
    'column area',
    `session "${session}" has the areas "${area ?? ''}" and "${other[column] ?? ''}".`,
    'Give each area a session of its own.',
  )
}

function trialsOf(
  file: string,
  columns: readonly string[],
  tier: number,
  rows: CsvTable['rows'],
  idOf: ReadonlyMap<string, number>,
  options: Options,
): Trials {
  const [image, repeat] = [columns.indexOf('image'), columns.indexOf('repeat')]
  const imageId = Int32Array.from(rows, (row) => idOf.get(row[image] ?? '') ?? -1)
  return {
    imageId,
    tier:
      tier < 0
        ? new Uint8Array(rows.length).fill(TIERS.pool)
        : readTiers(
            { values: rows.map((row) => row[tier] ?? ''), name: columns[tier] ?? '' },
            file,
            options.tiers,
          ),
    repeat:
      repeat < 0
        ? repeatNumbers(imageId)
        : Int32Array.from(rows, (row, r) => cellNumber(file, 'repeat', row[repeat] ?? '', r)),
    ...recorded(file, columns, rows),
  }
}

/** The one column that holds tiers; -1 where there is none. */
function tierColumn(file: string, columns: readonly string[]): number {
  const [name, other] = tierColumns(columns)
  if (name === undefined) return -1
  if (other === undefined) return columns.indexOf(name)
  throw invalidFile(
    file,
    'line 1',
    `has several columns with tiers: ${name}, ${other}.`,
    'Leave one of them.',
  )
}

/** Columns that no part of a recording is read from, by name. */
function unusedColumns({ columns }: CsvTable): LeftOut[] {
  const known = new Set([...FIELDS, ...PUPIL_COLUMNS, ...tierColumns(columns)])
  const unused = columns.filter(
    (name) => !known.has(name) && !name.startsWith(UNIT_PREFIX) && !name.startsWith(BEHAVIOR_PREFIX),
  )
  return leftOut('array', unused, { reason: 'a column of the table that means nothing here.' })
}

/** Behaviour and eye positions, where the session has any. */
function recorded(
  file: string,
  columns: readonly string[],
  rows: CsvTable['rows'],
): Pick<Trials, 'behavior' | 'pupilCenter'> {
  const values = (places: readonly number[]): Float32Array =>
    Float32Array.from(
      rows.flatMap((row, r) => places.map((c) => cellNumber(file, columns[c] ?? '', row[c] ?? '', r))),
    )
  const filled = (place: number): boolean => rows.some((row) => (row[place] ?? '').trim() !== '')
  const state = columns.flatMap((column, i) => (column.startsWith(BEHAVIOR_PREFIX) && filled(i) ? [i] : []))
  const eye = PUPIL_COLUMNS.map((column) => columns.indexOf(column)).filter((i) => i >= 0 && filled(i))
  const names = state.map((i) => (columns[i] ?? '').slice(BEHAVIOR_PREFIX.length))
  return {
    ...(state.length > 0 && { behavior: { names, values: values(state) } }),
    ...(eye.length === PUPIL_COLUMNS.length && { pupilCenter: values(eye) }),
  }
}

/** An empty cell or NaN is a missing response. */
function cellNumber(file: string, column: string, cell: string, row: number): number {
  const text = cell.trim()
  if (text === '' || /^na(n)?$/i.test(text)) return NaN
  const value = Number(text)
  if (Number.isNaN(value))
    throw invalidFile(file, `row ${row + 1}, column ${column}`, `"${text.slice(0, 40)}" is no number.`)
  return value
}
