import type { Hdf5File } from '../formats/hdf5.ts'
import type { Hdf5Values } from '../formats/hdf5-values.ts'
import { invalidFile } from '../formats/problem.ts'
import type { NwbOptions, Presentation } from './nwb-types.ts'

/** Columns that name images in published files, most usual first. */
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

/** Rows of a presentation table, or the entries of an index series. */
export function readPresentations(
  file: Hdf5File,
  options: Pick<NwbOptions, 'table' | 'imageColumn' | 'tierColumn'>,
  names: readonly string[] | null,
): Presentation[] {
  const table = findTable(file, options)
  const found = table ? fromTable(file, table, options, names) : fromIndexSeries(file)
  if (found.length === 0)
    throw invalidFile(
      file.name,
      table?.path ?? '/stimulus/presentation',
      'lists no presentation of a picture.',
      'State the table below /intervals and its image column.',
    )
  return found
}

interface Table {
  readonly path: string
  readonly imageColumn: string
}

function findTable(
  file: Hdf5File,
  { table, imageColumn }: Pick<NwbOptions, 'table' | 'imageColumn'>,
): Table | null {
  const paths =
    file.kind('/intervals') === 'group' ? file.names('/intervals').map((name) => `/intervals/${name}`) : []
  const wanted = table === undefined ? paths : [table.startsWith('/') ? table : `/intervals/${table}`]
  for (const path of wanted) {
    if (file.kind(path) !== 'group') continue
    const columns = file.names(path)
    const column = imageColumn ?? IMAGE_COLUMNS.find((name) => columns.includes(name))
    if (column !== undefined && columns.includes(column) && columns.includes('start_time'))
      return { path, imageColumn: column }
  }
  if (table !== undefined || imageColumn !== undefined)
    throw invalidFile(
      file.name,
      wanted.join(', ') || '/intervals',
      `has no columns start_time and ${imageColumn ?? 'image_id'}.`,
      `Tables: ${paths.join(', ') || 'none'}.`,
    )
  return null
}

function fromTable(
  file: Hdf5File,
  { path, imageColumn }: Table,
  { tierColumn }: Pick<NwbOptions, 'tierColumn'>,
  names: readonly string[] | null,
): Presentation[] {
  const starts = column(file, `${path}/start_time`, null)
  const images = column(file, `${path}/${imageColumn}`, starts.length)
  const tiers = tierColumn === undefined ? null : column(file, `${path}/${tierColumn}`, starts.length)
  return Array.from<string | number>(starts).map((start, row) => {
    const tier = tiers?.[row]
    return {
      startS: Number(start),
      image: imageNumber(file, `${path}/${imageColumn}`, images[row] ?? '', names, row),
      where: `${path}, row ${row}`,
      ...(tier !== undefined && { tier }),
    }
  })
}

function column(file: Hdf5File, path: string, length: number | null): Hdf5Values {
  const values = file.read(path)
  if (length !== null && values.length !== length)
    throw invalidFile(file.name, path, `has ${values.length} rows, start_time has ${length}.`)
  return values
}

function imageNumber(
  file: Hdf5File,
  path: string,
  value: string | number,
  names: readonly string[] | null,
  row: number,
): number {
  if (typeof value === 'number') return value
  const named = names?.indexOf(value) ?? -1
  const image = named >= 0 ? named : value.trim() === '' ? NaN : Number(value)
  if (Number.isInteger(image)) return image
  throw invalidFile(file.name, `${path}, row ${row}`, `"${value.slice(0, 60)}" names no picture of the file.`)
}

/** An index series lists, per time stamp, the number of the frame that was shown. */
function fromIndexSeries(file: Hdf5File): Presentation[] {
  const place = '/stimulus/presentation'
  const groups = file.kind(place) === 'group' ? file.names(place).map((name) => `${place}/${name}`) : []
  for (const path of groups) {
    const [data, times] = [`${path}/data`, `${path}/timestamps`]
    if (
      file.kind(data) !== 'dataset' ||
      file.kind(times) !== 'dataset' ||
      file.dataset(data).shape.length !== 1
    )
      continue
    const starts = column(file, times, null)
    const images = column(file, data, starts.length)
    return Array.from<string | number>(images).map((image, row) => ({
      startS: Number(starts[row]),
      image: Number(image),
      where: `${path}, row ${row}`,
    }))
  }
  return []
}
