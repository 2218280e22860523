import type { Hdf5File } from '../../formats/hdf5/hdf5.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { planeArea } from './nwb-areas.ts'
import { invalidTimes, isObserved, unobservedFindings } from './nwb-observed.ts'
import { joinUnits, type MeasuredUnits } from './nwb-spikes.ts'
import {
  binEdges,
  countBefore,
  groupsBelow,
  isTyped,
  type Measured,
  numbersAt,
  textColumn,
  type Window,
} from './nwb-types.ts'

/** Every RoiResponseSeries below /processing: traces of cells of one imaging plane. */
export const roiSeries = (file: Hdf5File): string[] =>
  groupsBelow(file, '/processing').filter((path) => {
    if (file.kind(`${path}/data`) !== 'dataset' || !isTyped(file, path, 'RoiResponseSeries')) return false
    const { shape } = file.dataset(`${path}/data`)
    const isRoi =
      file.kind(`${path}/rois`) === 'dataset' || file.attribute(path, 'neurodata_type') !== undefined
    return shape.length === 2 || (shape.length === 1 && isRoi)
  })

/** Mean of each cell's trace in each bin after each start; NaN where no sample lies there. */
export function readRoiMeans(
  file: Hdf5File,
  series: readonly string[],
  startsS: readonly number[],
  window: Window,
): MeasuredUnits {
  const parts = series.map((path) => readPlane(file, path, startsS, window))
  const joined = joinUnits(parts, series, startsS.length, window.bins)
  return {
    ...joined,
    left: [],
    findings: unobservedFindings(
      joined.responses,
      joined.unitIds,
      window.bins,
      'inside invalid_times, or holds no sample of the trace',
    ),
  }
}

function readPlane(file: Hdf5File, path: string, startsS: readonly number[], window: Window): Measured {
  const { samples, units, at } = traceLayout(file, path)
  const traces = numbersAt(file, `${path}/data`)
  const scale = (name: string, fallback: number): number => {
    const value = file.attribute(`${path}/data`, name)
    return typeof value === 'number' && Number.isFinite(value) ? value : fallback
  }
  const [factor, offset] = [scale('conversion', 1), scale('offset', 0)]
  const times = sampleTimes(file, path, samples)
  const invalid = invalidTimes(file)
  const { bins } = window
  const responses = new Float32Array(startsS.length * units * bins)
  startsS.forEach((start, trial) => {
    const edges = binEdges(start, window)
    for (let bin = 0; bin < bins; bin++) {
      const [from, to] = [edges[bin]!, edges[bin + 1]!] // one edge more than bins
      const [first, last] = [countBefore(times, from), countBefore(times, to)]
      const seen = last > first && isObserved({ seen: null, invalid }, from, to)
      for (let unit = 0; unit < units; unit++) {
        let sum = 0
        for (let t = first; t < last; t++) sum += traces[at(t, unit)]! // t < samples
        responses[(trial * units + unit) * bins + bin] = seen ? (sum / (last - first)) * factor + offset : NaN
      }
    }
  })
  const area = planeArea(file, path)
  return {
    unitIds: roiNames(file, path, units),
    areas: Array.from({ length: units }, () => area),
    responses,
    bins,
  }
}

interface TraceLayout {
  readonly samples: number
  readonly units: number
  readonly at: (sample: number, unit: number) => number
}

/** The schema has (time, cells); files with the cells first are told by their time stamps and regions. */
function traceLayout(file: Hdf5File, path: string): TraceLayout {
  const { shape } = file.dataset(`${path}/data`)
  const [a = 0, b = 1] = shape
  const timed = lengthOf(file, `${path}/timestamps`)
  const cells = lengthOf(file, `${path}/rois`)
  const fits = (samples: number, units: number): boolean =>
    (timed === null || timed === samples) && (cells === null || cells === units)
  if (fits(a, b)) return { samples: a, units: b, at: (sample, unit) => sample * b + unit }
  if (shape.length === 2 && fits(b, a))
    return { samples: b, units: a, at: (sample, unit) => unit * b + sample }
  throw invalidFile(
    file.name,
    `${path}/data`,
    `shape (${shape.join(', ')}) does not fit ${timed ?? 'any number of'} time stamps and ${cells ?? 'any number of'} regions.`,
    'Expected (time, cells).',
  )
}

const lengthOf = (file: Hdf5File, path: string): number | null =>
  file.kind(path) === 'dataset' ? (file.dataset(path).shape[0] ?? 0) : null

/** Ids of the regions in the table of the plane, where the series links to one; else their places. */
function roiNames(file: Hdf5File, path: string, units: number): string[] {
  const places = Array.from({ length: units }, (_, unit) => String(unit))
  if (lengthOf(file, `${path}/rois`) !== units) return places
  const table = file.attribute(`${path}/rois`, 'table')
  const ids = typeof table === 'string' ? textColumn(file, `${file.target(table)}/id`) : null
  const rows = numbersAt(file, `${path}/rois`)
  const names = Array.from(rows, (row) => ids?.[row] ?? String(row))
  return new Set(names).size === names.length ? names : places
}

function sampleTimes(file: Hdf5File, path: string, count: number): Float64Array {
  if (file.kind(`${path}/timestamps`) === 'dataset') {
    const stamps = Float64Array.from(numbersAt(file, `${path}/timestamps`))
    const back = stamps.findIndex((time, i) => i > 0 && !(time >= stamps[i - 1]!))
    if (back >= 0)
      throw invalidFile(
        file.name,
        `${path}/timestamps`,
        `value ${back} is not later than the one before.`,
        'Sort the samples by time.',
      )
    return stamps
  }
  const start = Number(file.read(`${path}/starting_time`)[0])
  const rate = file.attribute(`${path}/starting_time`, 'rate')
  if (typeof rate !== 'number' || !(rate > 0))
    throw invalidFile(file.name, `${path}/starting_time`, 'has no sampling rate.')
  return Float64Array.from({ length: count }, (_, i) => start + i / rate)
}
