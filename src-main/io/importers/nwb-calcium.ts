import type { Hdf5File } from '../formats/hdf5.ts'
import { invalidFile } from '../formats/problem.ts'
import type { Measured, Window } from './nwb-types.ts'

/** Mean of each cell's trace in [start + t0, start + t0 + bins x bin) after each start; NaN where no sample lies there. */
export function readRoiMeans(
  file: Hdf5File,
  startsS: readonly number[],
  window: Window,
  chosen: string | undefined,
): Measured {
  const path = chosen ?? findSeries(file)
  const { shape } = file.dataset(`${path}/data`)
  const traces = file.read(`${path}/data`)
  const [samples = 0, units = 1] = shape
  if (Array.isArray(traces) || shape.length > 2)
    throw invalidFile(
      file.name,
      `${path}/data`,
      `expected numbers of shape (time, cells), got (${shape.join(', ')}).`,
    )
  const times = sampleTimes(file, path, samples)
  const responses = new Float32Array(startsS.length * units)
  startsS.forEach((start, trial) => {
    const from = firstAtOrAfter(times, start + window.t0Ms / 1000)
    const to = firstAtOrAfter(times, start + (window.t0Ms + window.bins * window.binMs) / 1000)
    for (let unit = 0; unit < units; unit++) {
      let sum = 0
      for (let t = from; t < to; t++) sum += traces[t * units + unit] as number // t < samples
      responses[trial * units + unit] = to > from ? sum / (to - from) : NaN
    }
  })
  return { unitIds: Array.from({ length: units }, (_, unit) => String(unit)), responses }
}

/** The first RoiResponseSeries below processing/ophys, fluorescence change before raw fluorescence. */
function findSeries(file: Hdf5File): string {
  const root = '/processing/ophys'
  const groups =
    file.kind(root) === 'group'
      ? file.names(root).sort((a, b) => Number(!/dff|dfoverf/i.test(a)) - Number(!/dff|dfoverf/i.test(b)))
      : []
  for (const group of groups) {
    const path = `${root}/${group}`
    if (file.kind(path) !== 'group') continue
    for (const name of ['', ...file.names(path)]) {
      const series = name === '' ? path : `${path}/${name}`
      if (file.kind(series) === 'group' && file.kind(`${series}/data`) === 'dataset') return series
    }
  }
  throw invalidFile(
    file.name,
    '/units',
    'holds neither spike times nor calcium traces below /processing/ophys.',
    'State the path of the RoiResponseSeries.',
  )
}

function sampleTimes(file: Hdf5File, path: string, count: number): Float64Array {
  if (file.kind(`${path}/timestamps`) === 'dataset') {
    const stamps = file.read(`${path}/timestamps`)
    if (stamps.length !== count || Array.isArray(stamps))
      throw invalidFile(file.name, `${path}/timestamps`, `has ${stamps.length} values, data has ${count}.`)
    return Float64Array.from(stamps)
  }
  const start = Number(file.read(`${path}/starting_time`)[0])
  const rate = file.attribute(`${path}/starting_time`, 'rate')
  if (typeof rate !== 'number' || !(rate > 0))
    throw invalidFile(file.name, `${path}/starting_time`, 'has no sampling rate.')
  return Float64Array.from({ length: count }, (_, i) => start + i / rate)
}

function firstAtOrAfter(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] as number) < time) low = middle + 1
    else high = middle
  }
  return low
}
