import { join } from 'node:path'
import type * as hl from 'h5wasm/node'
import { openHdf5File } from '../../../src-main/io/formats/hdf5/hdf5-library.ts'
import { permuteAxes } from '../../../src-main/io/formats/numpy/row-major.ts'
import type { Rng } from '../../../src-shared/util/rng.ts'
import { makeTruth, type Truth, type Written } from './truth.ts'

const WORDS = ['zebra', 'apple', 'mango', 'berry', 'fig', 'cat', 'egg', 'dog', 'owl', 'kite']
const GAP_S = 0.5

type Values = Float64Array | Int32Array | Uint8Array

/** A group of an NWB file with what a test puts into it. */
interface Place {
  readonly group: hl.Group
  put(name: string, data: Values, shape?: number[]): hl.Dataset
  text(name: string, data: string[]): void
}

const placeOf = (group: hl.Group): Place => ({
  group,
  put: (name, data, shape = [data.length]) => group.create_dataset({ name, data, shape }),
  text: (name, data) =>
    void group.create_dataset({
      name,
      data,
      shape: [data.length],
      dtype: `S${Math.max(1, ...data.map((text) => text.length))}`,
    }),
})

const typed = (group: hl.Group | hl.Dataset, type: string): void =>
  group.create_attribute('neurodata_type', type)

/** A random NWB file: series or groups of images with or without order, tables or index series, links, decoys, unobserved time. */
export async function writeNwb(folder: string, rng: Rng): Promise<{ written: Written; truth: Truth }> {
  const isTable = rng.uniform() < 0.5
  const made = makeTruth(rng, { counts: true, ...(!isTable && { tiers: ['pool'] as const }) })
  const path = join(folder, 'recording.nwb')
  const file = await openHdf5File(path, 'w')
  file.create_attribute('nwb_version', '2.7.0')
  const group = (name: string): Place => placeOf(file.create_group(name))
  group('stimulus')
  group('stimulus/templates')
  group('stimulus/presentation')
  const isSeries = rng.uniform() < 0.5
  const names = isSeries ? null : imageNames(made.images.length, rng)
  const oriented = isSeries ? writeSeries(group, made, rng) : writeGroup(group, made, names ?? [], rng)
  const options: Record<string, unknown> = { area: 'v1' }
  if (isTable) {
    group('intervals')
    writeTable(group('intervals/trials'), made, names, rng)
    options['tierColumn'] = 'part'
  } else writeIndexSeries(file, group, made, rng)
  writeUnits(group('units'), made, rng)
  file.close()
  return {
    truth: oriented,
    written: {
      path,
      kind: 'nwb',
      options: { ...options, ...(rng.uniform() < 0.2 && { idsFrom: rng.int(2) }) },
    },
  }
}

function imageNames(count: number, rng: Rng): string[] {
  const [from, style] = [rng.int(2), rng.int(3)]
  if (style === 0) return Array.from({ length: count }, (_, i) => WORDS[i] ?? `word${'x'.repeat(i)}`)
  return Array.from({ length: count }, (_, i) =>
    style === 1 ? String(i + from) : `image_${String(i + from).padStart(3, '0')}`,
  )
}

/** Frames of a series; where the width comes first, `dimension` says so. */
function writeSeries(group: (name: string) => Place, truth: Truth, rng: Rng): Truth {
  const { height, width, channels, images } = truth
  const at = group('stimulus/templates/natural')
  typed(at.group, 'ImageSeries')
  const isTurned = height !== width && rng.uniform() < 0.3
  const pixels = Uint8Array.from(images.flatMap((image) => [...image]))
  const full = [images.length, height, width, channels]
  const order = isTurned ? [0, 2, 1, 3] : [0, 1, 2, 3]
  const axes = channels === 1 ? 3 : 4
  at.put('data', permuteAxes(pixels, full, order), order.map((axis) => full[axis] as number).slice(0, axes))
  if (isTurned || rng.uniform() < 0.5) at.put('dimension', Int32Array.of(width, height))
  return truth
}

/** Single images by name; words come with order_of_images, whose order is not that of the names. */
function writeGroup(group: (name: string) => Place, truth: Truth, names: readonly string[], rng: Rng): Truth {
  const at = group('stimulus/templates/natural')
  typed(at.group, 'Images')
  const { height, width, channels } = truth
  const made = truth.images.map((image, i) => {
    const dataset = at.put(
      names[i] ?? '',
      image,
      channels === 1 ? [height, width] : [height, width, channels],
    )
    typed(dataset, channels === 1 ? 'GrayscaleImage' : 'RGBImage')
    return dataset
  })
  if (/^[a-z]+$/.test(names[0] ?? '') ? rng.uniform() < 0.9 : rng.uniform() < 0.3)
    at.group.create_dataset({
      name: 'order_of_images',
      data: made.map((dataset) => dataset.create_reference()),
      shape: [made.length],
      dtype: 'Reference',
    })
  return truth
}

function writeTable(
  { put, text }: Place,
  { trials }: Truth,
  names: readonly string[] | null,
  rng: Rng,
): void {
  put(
    'start_time',
    Float64Array.from(trials, (_, trial) => startOf(trial)),
  )
  put(
    'stop_time',
    Float64Array.from(trials, (_, trial) => startOf(trial) + 0.2),
  )
  text(
    'part',
    trials.map(({ tier }) => tier),
  )
  if (names !== null && rng.uniform() < 0.5)
    text(
      'image_name',
      trials.map(({ image }) => names[image] ?? ''),
    )
  else {
    // Numbered images are called by their number, others by their place from 0 or 1.
    const number = names === null ? NaN : Number(/(\d+)/.exec(names[0] ?? '')?.[1] ?? NaN)
    const from = Number.isNaN(number) ? rng.int(2) : number
    put(
      'image_id',
      Int32Array.from(trials, ({ image }) => image + from),
    )
  }
}

function writeIndexSeries(
  file: hl.File,
  group: (name: string) => Place,
  { trials, height, width }: Truth,
  rng: Rng,
): void {
  const at = group('stimulus/presentation/shown')
  typed(at.group, 'IndexSeries')
  at.put(
    'data',
    Int32Array.from(trials, ({ image }) => image),
  )
  if (rng.uniform() < 0.6)
    at.put(
      'timestamps',
      Float64Array.from(trials, (_, trial) => startOf(trial)),
    )
  else at.put('starting_time', Float64Array.of(startOf(0)), [1]).create_attribute('rate', 1 / GAP_S)
  const isLinked = rng.uniform() < 0.7
  const isGroup = file.get('/stimulus/templates/natural/data') === null
  if (isLinked)
    at.group.create_soft_link(
      '/stimulus/templates/natural',
      isGroup ? 'indexed_images' : 'indexed_timeseries',
    )
  if (rng.uniform() < 0.5) {
    const decoy = group('stimulus/templates/another')
    typed(decoy.group, 'Images')
    decoy.put('a', new Uint8Array(height * width), [height, width])
  }
}

const startOf = (trial: number): number => 1 + trial * GAP_S

/** Spikes in the window after each onset, others between the windows; observed time leaves out the trials that are missing. */
function writeUnits({ group, put }: Place, { units, trials }: Truth, rng: Rng): void {
  typed(group, 'Units')
  const times: number[] = []
  const ends: number[] = []
  const seen: number[] = []
  const seenEnds: number[] = []
  units.forEach((_, unit) => {
    const own: number[] = []
    trials.forEach(({ responses }, trial) => {
      const count = responses[unit] ?? NaN
      const start = startOf(trial)
      const inside = Number.isNaN(count) ? rng.int(3) : count
      for (let i = 0; i < inside; i++) own.push(start + 0.051 + 0.098 * rng.uniform())
      for (let i = rng.int(3); i > 0; i--) own.push(start + 0.16 + 0.3 * rng.uniform())
      if (!Number.isNaN(count)) seen.push(start - 0.01, start + 0.45)
    })
    times.push(...own.sort((a, b) => a - b))
    ends.push(times.length)
    seenEnds.push(seen.length / 2)
  })
  const order = units.map(Number)
  put('id', Int32Array.from(order))
  put('spike_times', Float64Array.from(times))
  put('spike_times_index', Int32Array.from(ends))
  if (trials.some(({ responses }) => responses.some(Number.isNaN))) {
    put('obs_intervals', Float64Array.from(seen), [seen.length / 2, 2])
    put('obs_intervals_index', Int32Array.from(seenEnds))
  }
}
