import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import type { Hdf5File } from '../../formats/hdf5/hdf5.ts'
import type { Hdf5Values } from '../../formats/hdf5/hdf5-values.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { ImportChoice } from '../base/importer.ts'
import { childrenOf, chosenPaths, isTyped, type NwbOptions, onlyOne } from './nwb-types.ts'

/** Columns that name images in published files. */
const IMAGE_COLUMNS = [
  'image_id',
  'image_index',
  'stimulus_id',
  'stimulus_index',
  'image',
  'stimulus',
  'frame',
  'image_name',
  'stimulus_name',
]
const PLACE = '/stimulus/presentation'
const NOT_STIMULI = new Set(['/intervals/invalid_times'])

/** Where the file says which image was shown when. */
export interface PresentationSource {
  readonly path: string
  readonly isSeries: boolean
  /** Columns that may name the image: one for a series, one or more for a table. */
  readonly columns: readonly string[]
  /** Images that an index series links to. */
  readonly linked: string | null
  readonly choice: ImportChoice
  /** Tables with times that were not chosen. */
  readonly left: readonly LeftOut[]
}

/** The table or index series that the user names, or the only one. @throws CotrainError listing them where there are several. */
export function findPresentations(
  file: Hdf5File,
  { table, imageColumn }: Pick<NwbOptions, 'table' | 'imageColumn'>,
): PresentationSource {
  const tables = childrenOf(file, '/intervals').filter(
    (path) => !NOT_STIMULI.has(path) && isTable(file, path, imageColumn),
  )
  const series =
    imageColumn === undefined ? childrenOf(file, PLACE).filter((path) => isIndexSeries(file, path)) : []
  const found = [...tables, ...series]
  const [named] = table === undefined ? [] : namedSource(file, table, found, imageColumn)
  const path =
    named ?? onlyOne(found, 'lists of presentations', 'table', file, '/intervals and /stimulus/presentation')
  if (path === null) throw nothingShown(file, imageColumn)
  const isSeries = series.includes(path)
  const columns = isSeries
    ? ['data']
    : imageColumn === undefined
      ? IMAGE_COLUMNS.filter((name) => file.names(path).includes(name))
      : [imageColumn]
  const links = ['indexed_images', 'indexed_timeseries']
    .map((name) => `${path}/${name}`)
    .filter((link) => isSeries && file.kind(link) !== null)
  const timed = childrenOf(file, '/intervals').filter(
    (table) => !NOT_STIMULI.has(table) && file.kind(`${table}/start_time`) === 'dataset',
  )
  return {
    path,
    isSeries,
    columns,
    linked: onlyOne(links, 'links to images', 'images', file, path),
    choice: { what: 'Presentations', value: path, by: named === undefined ? 'fit' : 'option' },
    left: leftOut(
      'array',
      timed.filter((table) => table !== path),
      named === undefined
        ? {
            severity: 'warning',
            reason: 'no column of this table is known to name an image.',
            fix: 'If it lists the presentations, name it with the options table and imageColumn.',
          }
        : { reason: 'another table was chosen.' },
    ),
  }
}

function namedSource(
  file: Hdf5File,
  table: string,
  found: readonly string[],
  imageColumn: string | undefined,
): string[] {
  const path = table.startsWith('/') ? table : `/intervals/${table}`
  if (file.kind(path) === 'group' && !found.includes(path)) throw noColumns(file, path, imageColumn)
  return chosenPaths(table, found, 'table', file)
}

function isTable(file: Hdf5File, path: string, imageColumn: string | undefined): boolean {
  if (file.kind(path) !== 'group') return false
  const names = file.names(path)
  const columns = imageColumn === undefined ? IMAGE_COLUMNS : [imageColumn]
  return names.includes('start_time') && columns.some((name) => names.includes(name))
}

function isIndexSeries(file: Hdf5File, path: string): boolean {
  if (
    file.kind(path) !== 'group' ||
    file.kind(`${path}/data`) !== 'dataset' ||
    !isTyped(file, path, 'IndexSeries')
  )
    return false
  const { shape, kind } = file.dataset(`${path}/data`)
  const isTimed =
    file.kind(`${path}/timestamps`) === 'dataset' || file.kind(`${path}/starting_time`) === 'dataset'
  return shape.length === 1 && isTimed && (kind === 'int' || kind === 'uint' || kind === 'float')
}

function noColumns(file: Hdf5File, path: string, imageColumn: string | undefined): Error {
  return invalidFile(
    file.name,
    path,
    `has no columns start_time and ${imageColumn ?? 'image_id'}.`,
    `Columns: ${file.names(path).join(', ')}. State the one with the image with the option imageColumn.`,
    ['imageColumn', 'table'],
  )
}

function nothingShown(file: Hdf5File, imageColumn: string | undefined): Error {
  const paths = childrenOf(file, '/intervals')
  if (imageColumn !== undefined && paths.length > 0)
    return invalidFile(
      file.name,
      paths.join(', '),
      `has no columns start_time and ${imageColumn}.`,
      `Tables: ${paths.join(', ')}.`,
      ['imageColumn', 'table'],
    )
  return invalidFile(
    file.name,
    PLACE,
    'lists no presentation of an image.',
    `State the table below /intervals (option table) and its column of the image (option imageColumn). Tables: ${paths.join(', ') || 'none'}.`,
    ['table', 'imageColumn'],
  )
}

/** Rows of the source that have a time. */
export interface Shown {
  readonly startS: readonly number[]
  /** Row of the table or series of each entry. */
  readonly row: readonly number[]
  readonly left: readonly LeftOut[]
}

/** Onsets in seconds; rows whose onset is no number were not timed and are left out. */
export function readOnsets(file: Hdf5File, { path, isSeries }: PresentationSource): Shown {
  const all = isSeries
    ? seriesTimes(file, path)
    : Array.from<string | number>(file.read(`${path}/start_time`)).map(Number)
  const row = all.flatMap((time, i) => (Number.isFinite(time) ? [i] : []))
  const untimed = all.flatMap((time, i) => (Number.isFinite(time) ? [] : [i]))
  return {
    startS: row.map((i) => all[i]!), // i < length
    row,
    left: leftOut(
      'trial',
      untimed.map((i) => `row ${i}`),
      {
        severity: 'warning',
        reason: `${path} gives no onset for it (NaN).`,
        fix: 'Nothing, if these presentations did not take place; else write their onsets into the file.',
      },
    ),
  }
}

function seriesTimes(file: Hdf5File, path: string): number[] {
  const count = file.dataset(`${path}/data`).shape[0] ?? 0
  if (file.kind(`${path}/timestamps`) === 'dataset') {
    const times = Array.from<string | number>(file.read(`${path}/timestamps`)).map(Number)
    if (times.length === count) return times
    throw invalidFile(file.name, `${path}/timestamps`, `has ${times.length} values, data has ${count}.`)
  }
  const start = Number(file.read(`${path}/starting_time`)[0])
  const rate = file.attribute(`${path}/starting_time`, 'rate')
  if (typeof rate !== 'number' || !(rate > 0))
    throw invalidFile(file.name, `${path}/starting_time`, 'has no sampling rate.')
  return Array.from({ length: count }, (_, i) => start + i / rate)
}

/** A column of the source at the given rows. */
export function columnAt(
  file: Hdf5File,
  source: PresentationSource,
  name: string,
  rows: readonly number[],
): (string | number)[] {
  const path = `${source.path}/${name}`
  const values: Hdf5Values = file.read(path)
  const expected = source.isSeries ? values.length : (file.dataset(`${source.path}/start_time`).shape[0] ?? 0)
  if (values.length !== expected)
    throw invalidFile(file.name, path, `has ${values.length} rows, start_time has ${expected}.`)
  return rows.map((row) => values[row]!) // rows are those of the source
}
