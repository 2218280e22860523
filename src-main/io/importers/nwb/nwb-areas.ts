import type { Hdf5File } from '../../formats/hdf5/hdf5.ts'
import { numbersAt, textColumn } from './nwb-types.ts'

/** Columns in which tables of units or electrodes name the area. */
const COLUMNS = [
  'location',
  'brain_area',
  'area',
  'region',
  'brain_region',
  'ecephys_structure_acronym',
  'structure_acronym',
]
const ELECTRODES = '/general/extracellular_ephys/electrodes'

const named = (file: Hdf5File, table: string): string[] | null =>
  COLUMNS.map((name) => textColumn(file, `${table}/${name}`)).find((values) => values !== null) ?? null

/** Area of each unit: its own column, that of its electrodes, or of its electrode group; '' where the file says nothing. */
export function unitAreas(file: Hdf5File, table: string, count: number): string[] {
  const own = named(file, table)
  if (own) return own
  const places = named(file, ELECTRODES)
  const linked = electrodesOf(file, table, count)
  if (places && linked) return linked.map((electrodes) => common(electrodes.map((i) => places[i] ?? '')))
  const groups = textColumn(file, `${table}/electrode_group`)
  if (groups && file.dataset(`${table}/electrode_group`).kind === 'reference')
    return groups.map((reference) => textAt(file, `${file.target(reference)}`, 'location'))
  return Array.from({ length: count }, () => '')
}

/** Rows of the table of electrodes of each unit: `electrodes`, ragged or one each, or Allen's `peak_channel_id`. */
function electrodesOf(file: Hdf5File, table: string, count: number): number[][] | null {
  const path = `${table}/electrodes`
  if (file.kind(path) === 'dataset') {
    const rows = numbersAt(file, path)
    const ends = file.kind(`${path}_index`) === 'dataset' ? numbersAt(file, `${path}_index`) : null
    return Array.from({ length: count }, (_, unit) =>
      ends ? Array.from(rows.slice(ends[unit - 1] ?? 0, ends[unit])) : [rows[unit] ?? -1],
    )
  }
  const peaks = textColumn(file, `${table}/peak_channel_id`)
  const ids = textColumn(file, `${ELECTRODES}/id`)
  return peaks && ids && peaks.map((id) => [ids.indexOf(id)])
}

/** The one area of a unit's electrodes; several are named together and so become a decision. */
const common = (areas: readonly string[]): string => [...new Set(areas)].sort().join(' and ')

function textAt(file: Hdf5File, path: string, name: string): string {
  if (file.kind(`${path}/${name}`) === 'dataset') return String(file.read(`${path}/${name}`)[0] ?? '')
  const value = file.kind(path) === null ? undefined : file.attribute(path, name)
  return typeof value === 'string' ? value : ''
}

/** Area of the imaging plane of a RoiResponseSeries, reached through its table of regions. */
export function planeArea(file: Hdf5File, series: string): string {
  const table =
    file.kind(`${series}/rois`) === 'dataset' ? file.attribute(`${series}/rois`, 'table') : undefined
  if (typeof table !== 'string') return ''
  return textAt(file, `${file.target(table)}/imaging_plane`, 'location')
}
