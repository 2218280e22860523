import type { Hdf5File } from '../formats/hdf5.ts'
import type { NumericValues } from '../formats/hdf5-values.ts'
import { invalidFile } from '../formats/problem.ts'
import type { Measured, Window } from './nwb-types.ts'

/** Spikes of each unit in [start + t0 + b bin, start + t0 + (b + 1) bin) after each start; start included, end not. */
export function countSpikes(
  file: Hdf5File,
  startsS: readonly number[],
  window: Window,
  quality: readonly string[] | undefined,
): Measured {
  const times = numbers(file, '/units/spike_times')
  const ends = numbers(file, '/units/spike_times_index')
  const unsorted = ends.findIndex((end, i) => end < (ends[i - 1] ?? 0) || end > times.length)
  if (unsorted >= 0)
    throw invalidFile(
      file.name,
      '/units/spike_times_index',
      `entry ${unsorted} is ${ends[unsorted]}, beyond the ${times.length} spikes or below its predecessor.`,
      'The file is damaged.',
    )
  const ids =
    file.kind('/units/id') === 'dataset'
      ? Array.from<string | number>(file.read('/units/id')).map(String)
      : Array.from(ends, (_, i) => String(i))
  const kept = keptUnits(file, ends.length, quality)
  const responses = new Float32Array(startsS.length * kept.units.length * window.bins)
  kept.units.forEach((unit, column) => {
    const spikes = times.slice(ends[unit - 1] ?? 0, ends[unit]).sort()
    startsS.forEach((start, trial) => {
      const row = (trial * kept.units.length + column) * window.bins
      // Each edge is computed once, so that a spike on it falls into one bin only.
      let before = firstAtOrAfter(spikes, start + window.t0Ms / 1000)
      for (let bin = 0; bin < window.bins; bin++) {
        const after = firstAtOrAfter(spikes, start + (window.t0Ms + (bin + 1) * window.binMs) / 1000)
        responses[row + bin] = after - before
        before = after
      }
    })
  })
  return {
    unitIds: kept.units.map((unit) => ids[unit] ?? String(unit)),
    responses,
    ...(kept.quality && { quality: kept.quality }),
  }
}

function numbers(file: Hdf5File, path: string): NumericValues {
  const values = file.read(path)
  if (Array.isArray(values)) throw invalidFile(file.name, path, 'holds text, expected numbers.')
  return values
}

function keptUnits(
  file: Hdf5File,
  count: number,
  wanted: readonly string[] | undefined,
): { units: number[]; quality: string[] | null } {
  const all = Array.from({ length: count }, (_, i) => i)
  const path = '/units/quality'
  const column =
    file.kind(path) === 'dataset' ? Array.from<string | number>(file.read(path)).map(String) : null
  if (!wanted) return { units: all, quality: column }
  if (!column)
    throw invalidFile(
      file.name,
      path,
      'is missing, though units are to be chosen by it.',
      'Drop the choice of quality.',
    )
  const units = all.filter((unit) => wanted.includes(column[unit] ?? ''))
  if (units.length === 0)
    throw invalidFile(
      file.name,
      path,
      `no unit is ${wanted.join(' or ')}; found: ${[...new Set(column)].join(', ')}.`,
    )
  return { units, quality: units.map((unit) => column[unit] ?? '') }
}

/** Number of spikes before `time`, by bisection. */
function firstAtOrAfter(spikes: NumericValues, time: number): number {
  let [low, high] = [0, spikes.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((spikes[middle] as number) < time) low = middle + 1
    else high = middle
  }
  return low
}
