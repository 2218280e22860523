import type { Finding } from '../../../engine/data/doctor/finding.ts'
import { counted } from '../../../../src-shared/util/counted.ts'
import { firstPlaces, nameSome } from '../../../engine/data/doctor/finding.ts'
import type { Hdf5File } from '../../formats/hdf5/hdf5.ts'
import type { NumericValues } from '../../formats/hdf5/hdf5-values.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { numbersAt } from './nwb-types.ts'

/** [from, to) in seconds. */
type Interval = readonly [from: number, to: number]

/** When a unit was watched: within `seen` (null: always), outside of `invalid`. */
export interface Observation {
  readonly seen: readonly Interval[] | null
  readonly invalid: readonly Interval[]
}

/** Whether all of a span was watched; a count over a part of it would be too low. */
export function isObserved({ seen, invalid }: Observation, from: number, to: number): boolean {
  const isIn = ([start, end]: Interval): boolean => start <= from && to <= end
  return (seen === null || seen.some(isIn)) && !invalid.some(([start, end]) => start < to && from < end)
}

/** Time that the file declares invalid for every unit. */
export function invalidTimes(file: Hdf5File): Interval[] {
  const path = '/intervals/invalid_times'
  if (file.kind(path) !== 'group') return []
  const [starts, stops] = [numbersAt(file, `${path}/start_time`), numbersAt(file, `${path}/stop_time`)]
  return Array.from(starts, (start, i): Interval => [start, stops[i] ?? Infinity])
}

/** Observed time of each unit of a table: its `obs_intervals`, where the table has them. */
export function observations(
  file: Hdf5File,
  table: string,
  units: number,
  invalid: readonly Interval[],
): Observation[] {
  const path = `${table}/obs_intervals`
  if (file.kind(path) !== 'dataset') return Array.from({ length: units }, () => ({ seen: null, invalid }))
  const values = numbersAt(file, path)
  const ends =
    file.kind(`${path}_index`) === 'dataset'
      ? numbersAt(file, `${path}_index`)
      : Float64Array.from({ length: units }, (_, i) => i + 1)
  if (ends.length !== units || values.length !== 2 * (ends.at(-1) ?? 0))
    throw invalidFile(
      file.name,
      path,
      `has ${values.length / 2} intervals for ${ends.length} of ${units} units.`,
      'The file is damaged.',
    )
  return Array.from({ length: units }, (_, unit) => ({
    seen: merged(values, ends[unit - 1] ?? 0, ends[unit] ?? 0),
    invalid,
  }))
}

/** Intervals first .. last of a list, joined where one begins as or before another ends. */
function merged(values: NumericValues, first: number, last: number): Interval[] {
  const sorted = Array.from({ length: last - first }, (_, i): Interval => [
    values[2 * (first + i)]!,
    values[2 * (first + i) + 1]!,
  ]).sort((a, b) => a[0] - b[0]) // two numbers an interval
  return sorted.reduce<Interval[]>((out, [from, to]) => {
    const before = out.at(-1)
    return before && from <= before[1]
      ? [...out.slice(0, -1), [before[0], Math.max(before[1], to)]]
      : [...out, [from, to]]
  }, [])
}

/** What was not observed, in numbers; [trials, units, bins] responses. */
export function unobservedFindings(
  responses: Float32Array,
  unitIds: readonly string[],
  bins: number,
  why: string,
): Finding[] {
  const perUnit = unitIds.map(() => 0)
  let missing = 0
  for (let cell = 0; cell < responses.length; cell += bins) {
    if (!responses.subarray(cell, cell + bins).some((value) => Number.isNaN(value))) continue
    missing++
    const unit = (cell / bins) % unitIds.length
    perUnit[unit] = perUnit[unit]! + 1 // unit < units
  }
  if (missing === 0) return []
  const concerned = unitIds.filter((_, unit) => perUnit[unit]! > 0)
  return [
    {
      code: 'unobserved-time',
      severity: 'warning',
      message: `${missing} of ${responses.length / bins} responses were not observed and are missing (NaN), in ${counted(concerned.length, 'unit', 'units')}: ${nameSome(concerned)}.`,
      reason: `Their window lies wholly or in part ${why}; no spike there does not mean no response.`,
      fix: 'Nothing, if the recording was interrupted there.',
      where: { field: 'responses', units: firstPlaces(concerned) },
    },
  ]
}
