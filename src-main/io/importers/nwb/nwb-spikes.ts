import type { Finding } from '../../../engine/data/doctor/finding.ts'
import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import type { Hdf5File } from '../../formats/hdf5/hdf5.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { unitAreas } from './nwb-areas.ts'
import { invalidTimes, isObserved, observations, unobservedFindings } from './nwb-observed.ts'
import {
  binEdges,
  countBefore,
  groupsBelow,
  type Measured,
  numbersAt,
  textColumn,
  type Window,
} from './nwb-types.ts'

/** Tables with spike times: /units, and others that some programs write. */
export const unitTables = (file: Hdf5File): string[] =>
  ['/units', '/processing', '/analysis', '/scratch']
    .flatMap((place) => groupsBelow(file, place))
    .filter((path) =>
      ['spike_times', 'spike_times_index'].every((name) => file.kind(`${path}/${name}`) === 'dataset'),
    )

export interface MeasuredUnits extends Measured {
  readonly findings: readonly Finding[]
  readonly left: readonly LeftOut[]
}

/** Spikes of each unit in each bin after each start; the start of a bin belongs to it, its end does not. */
export function countSpikes(
  file: Hdf5File,
  tables: readonly string[],
  startsS: readonly number[],
  window: Window,
  quality: readonly string[],
): MeasuredUnits {
  const parts = tables.map((table) => countTable(file, table, startsS, window, quality))
  const joined = joinUnits(parts, tables, startsS.length, window.bins)
  const left = parts.flatMap(({ left: own }) => own)
  return {
    ...joined,
    left,
    findings: unobservedFindings(
      joined.responses,
      joined.unitIds,
      window.bins,
      'outside obs_intervals or inside invalid_times',
    ),
  }
}

function countTable(
  file: Hdf5File,
  table: string,
  startsS: readonly number[],
  window: Window,
  quality: readonly string[],
): Measured & { readonly left: readonly LeftOut[] } {
  const times = numbersAt(file, `${table}/spike_times`)
  const ends = numbersAt(file, `${table}/spike_times_index`)
  const unsorted = ends.findIndex((end, i) => end < (ends[i - 1] ?? 0) || end > times.length)
  if (unsorted >= 0)
    throw invalidFile(
      file.name,
      `${table}/spike_times_index`,
      `entry ${unsorted} is ${ends[unsorted]}, beyond the ${times.length} spikes or below its predecessor.`,
      'The file is damaged.',
    )
  const ids = textColumn(file, `${table}/id`) ?? Array.from(ends, (_, i) => String(i))
  const areas = unitAreas(file, table, ends.length)
  const watched = observations(file, table, ends.length, invalidTimes(file))
  const kept = keptUnits(file, table, ends.length, quality)
  const bins = window.bins
  const responses = new Float32Array(startsS.length * kept.units.length * bins)
  kept.units.forEach((unit, column) => {
    const spikes = times.slice(ends[unit - 1] ?? 0, ends[unit]).sort()
    startsS.forEach((start, trial) => {
      const edges = binEdges(start, window)
      for (let bin = 0; bin < bins; bin++) {
        const [from, to] = [edges[bin]!, edges[bin + 1]!] // one edge more than bins
        const seen = isObserved(watched[unit] ?? { seen: null, invalid: [] }, from, to)
        responses[(trial * kept.units.length + column) * bins + bin] = seen
          ? countBefore(spikes, to) - countBefore(spikes, from)
          : NaN
      }
    })
  })
  const out = ids.filter((_, unit) => !kept.units.includes(unit))
  return {
    unitIds: kept.units.map((unit) => ids[unit] ?? String(unit)),
    areas: kept.units.map((unit) => areas[unit] ?? ''),
    responses,
    bins,
    ...(kept.quality && { quality: kept.quality }),
    left: leftOut('unit', out, { reason: `its quality is not ${quality.join(' or ')} (option quality).` }),
  }
}

/** Units of several tables side by side; ids that stand in two of them get the name of their table. */
export function joinUnits(
  parts: readonly Measured[],
  names: readonly string[],
  trials: number,
  bins: number,
): Measured {
  const [first] = parts
  if (parts.length === 1 && first) return first
  const all = parts.flatMap(({ unitIds }) => unitIds)
  const isTwice = new Set(all).size !== all.length
  const units = all.length
  const responses = new Float32Array(trials * units * bins)
  let at = 0
  for (const part of parts) {
    const width = part.unitIds.length * bins
    for (let trial = 0; trial < trials; trial++)
      responses.set(part.responses.subarray(trial * width, (trial + 1) * width), trial * units * bins + at)
    at += width
  }
  const quality = parts.flatMap((part) => part.quality ?? part.unitIds.map(() => ''))
  return {
    unitIds: parts.flatMap(({ unitIds }, i) =>
      unitIds.map((id) => (isTwice ? `${(names[i] ?? '').split('/').at(-1) ?? ''}-${id}` : id)),
    ),
    areas: parts.flatMap(({ areas }) => areas),
    responses,
    bins,
    ...(parts.some((part) => part.quality) && { quality }),
  }
}

function keptUnits(
  file: Hdf5File,
  table: string,
  count: number,
  wanted: readonly string[],
): { units: number[]; quality: string[] | null } {
  const all = Array.from({ length: count }, (_, i) => i)
  const path = `${table}/quality`
  const column = textColumn(file, path)
  if (wanted.length === 0) return { units: all, quality: column }
  if (!column)
    throw invalidFile(
      file.name,
      path,
      'is missing, though units are to be chosen by it.',
      'Drop the choice of quality.',
      ['quality'],
    )
  const units = all.filter((unit) => wanted.includes(column[unit] ?? ''))
  if (units.length === 0)
    throw invalidFile(
      file.name,
      path,
      `no unit is ${wanted.join(' or ')}; found: ${[...new Set(column)].join(', ')}.`,
      'Name a quality that units have.',
      ['quality'],
    )
  return { units, quality: units.map((unit) => column[unit] ?? '') }
}
