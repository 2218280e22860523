import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { openHdf5File } from '../../../src-main/io/formats/hdf5/hdf5-library.ts'
import { createHdf5 } from '../../../src-main/io/formats/hdf5/hdf5-writer.ts'
import { encodeNpy } from '../../../src-main/io/formats/numpy/npy-write.ts'
import { encodeMat5 } from '../recordings/mat5-writer.ts'
import type { MadeRecording, MakeRecording } from './made-recordings.ts'

/** Five images called 2 to 6. The table says 2, 3, 2, 3: their names, or places counted from 0 or from 1. */
async function writeSpikes(path: string): Promise<void> {
  const file = await createHdf5(path)
  file.attributes('/', { nwb_version: '2.7.0' })
  for (const group of [
    'stimulus',
    'stimulus/templates',
    'stimulus/templates/natural',
    'stimulus/templates/noise',
  ])
    file.group(`/${group}`)
  for (const [i, level] of [10, 20, 30, 40, 50].entries())
    file.array(
      `/stimulus/templates/natural/${i + 2}`,
      Uint8Array.from({ length: 6 }, (_, p) => level + p),
      [2, 3],
    )
  file.array('/stimulus/templates/noise/1', new Uint8Array(6), [2, 3])
  for (const group of ['/intervals', '/intervals/trials', '/intervals/epochs', '/units']) file.group(group)
  for (const [table, column] of [
    ['trials', 'image_id'],
    ['epochs', 'stimulus_id'],
  ] as const) {
    file.array(`/intervals/${table}/start_time`, Float64Array.of(1, 2, 3, 4), [4])
    file.array(`/intervals/${table}/${column}`, Int32Array.of(2, 3, 2, 3), [4])
  }
  file.strings('/intervals/trials/part', ['train', 'train', 'validation', 'test'])
  // Unit 0 fires 40 to 120 ms after the onset of one image and 120 to 200 ms after that of the other; unit 1 is noise.
  file.array('/units/spike_times', Float64Array.of(1.06, 1.1, 2.13, 3.06, 3.1, 4.13, 1.06), [7])
  file.array('/units/spike_times_index', Int32Array.of(6, 7), [2])
  file.strings('/units/quality', ['good', 'noise'])
  file.close()
}

const ofSpikes: MadeRecording = {
  importer: 'nwb',
  name: 'session',
  sessions: [
    {
      key: 'session',
      area: 'V1',
      units: ['0'],
      shown: [20, 30, 20, 30],
      tiers: [1, 1, 2, 3],
      responses: [
        [2, 0],
        [0, 1],
        [2, 0],
        [0, 1],
      ],
      binMs: 80,
      t0Ms: 40,
    },
  ],
}

/** Traces of one cell in an imaging plane of the lateral area, sampled every 50 ms; frames are stored width first. */
async function writeCalcium(path: string): Promise<void> {
  const file = await openHdf5File(path, 'w')
  const put = (
    name: string,
    data: Float64Array | Float32Array | Int32Array | Uint8Array,
    shape = [data.length],
  ) => file.create_dataset({ name, data, shape })
  file.create_attribute('nwb_version', '2.7.0')
  for (const group of [
    'stimulus',
    'stimulus/templates',
    'stimulus/templates/frames',
    'intervals',
    'intervals/trials',
  ])
    file.create_group(group)
  put(
    'stimulus/templates/frames/data',
    Uint8Array.from({ length: 12 }, (_, i) => 10 * i),
    [2, 2, 3],
  )
  put('intervals/trials/start_time', Float64Array.of(0, 1))
  put('intervals/trials/image_index', Int32Array.of(1, 0))
  for (const group of ['processing', 'processing/ophys']) file.create_group(group)
  const cells = file.create_group('processing/ophys/cells')
  file.create_group('processing/ophys/cells/imaging_plane').create_attribute('location', 'VISl')
  for (const name of ['dff', 'raw']) {
    const at = `processing/ophys/${name}`
    file.create_group(at).create_attribute('neurodata_type', 'RoiResponseSeries')
    const trace = Float32Array.from({ length: 40 }, (_, i) => (name === 'raw' ? 9 : i < 20 ? 0.5 : -0.25))
    put(`${at}/data`, trace, [40, 1])
    put(
      `${at}/timestamps`,
      Float64Array.from({ length: 40 }, (_, i) => 0.05 * i),
    )
    put(`${at}/rois`, Int32Array.of(0)).create_attribute('table', cells.create_reference(), [], 'Reference')
  }
  file.close()
}

/** Images of 2 x 3 pixels from 0 to 1, the third with a hole; two units in four trials that count images from 1. */
const NAMED = {
  images: { shape: [3, 2, 3], values: [0, 0.2, 0.4, 0.6, 0.8, 1, 0.2, 0, 1, 0, 1, 0, 1, NaN, 0, 0, 0, 0] },
  responses: { shape: [4, 2], values: [1, 2, 3, 4, 5, 6, 7, 8] },
  shown: { shape: [4], values: [1, 2, 3, 2] },
}
const ofNamed = (window: { binMs?: number; t0Ms?: number }): MadeRecording => ({
  importer: 'arrays',
  name: 'recording',
  sessions: [
    {
      key: 'monday',
      area: 'V1',
      units: ['0', '1'],
      shown: [0, 51, 51],
      tiers: [0, 0, 0],
      responses: [
        [1, 2],
        [3, 4],
        [7, 8],
      ],
      ...window,
    },
  ],
})

/** Everything that a mapping can name: two sessions, single trials and repeats, bins, tiers, ids, labels and areas. */
async function writeEverything(path: string): Promise<void> {
  const file = await createHdf5(path)
  file.array('/images', Float32Array.of(0, 1, 2, 3, 4095, 5, 6, 7, 819, 9, 10, 11), [3, 4])
  file.array('/image', Int32Array.of(5, 6, 7), [3])
  file.array('/class', Int32Array.of(1, 0, 1), [3])
  file.array('/counts', Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), [3, 2, 2]) // trials, units, bins
  file.array('/shown', Int32Array.of(6, 8, 7), [3])
  file.array('/part', Int32Array.of(0, 1, 2), [3])
  const repeats = [1, 2, 3, 4, 5, 6, 7, 8, NaN, NaN, NaN, NaN, 9, 10, 11, 12, 0, 0, 0, 0, 1, 1, 1, 1]
  file.array('/repeats', Float32Array.from(repeats), [3, 2, 2, 2]) // images, repeats, units, bins
  file.strings('/unit', ['left', 'right'])
  file.strings('/area_of_unit', ['V1', 'V4'])
  file.array('/single', Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])
  file.close()
}

const ofEverything: MadeRecording = {
  importer: 'arrays',
  name: 'all',
  sessions: [
    {
      key: 'tuesday',
      area: 'V4',
      units: ['left', 'right'],
      shown: [0, 51, 0, 0, 255, 51, 51],
      tiers: [1, 2, 3, 3, 3, 3, 3],
      responses: [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [9, 10, 11, 12],
        [0, 0, 0, 0],
        [1, 1, 1, 1],
      ],
      binMs: 50,
      t0Ms: 60,
      also: { subject: 'A', species: 'macaque', responseKind: 'counts' },
    },
    ...['V1', 'V4'].map((area, unit) => ({
      key: `wednesday-${area}`,
      area,
      units: [String(unit)],
      shown: [0, 51, 255],
      tiers: [0, 0, 0],
      responses: [[1 + 3 * unit], [2 + 3 * unit], [3 + 3 * unit]],
    })),
  ],
}

/** Recordings that are one file. */
export const RECORDING_FILES: Readonly<Record<string, MakeRecording>> = {
  'session.nwb': async (at) => {
    await writeSpikes(join(at, 'session.nwb'))
    return ofSpikes
  },
  'calcium.nwb': async (at) => {
    await writeCalcium(join(at, 'calcium.nwb'))
    return {
      importer: 'nwb',
      name: 'calcium',
      sessions: [
        {
          key: 'calcium',
          area: 'V4',
          units: ['0'],
          shown: [60, 0],
          tiers: [0, 0],
          responses: [[0.5], [-0.25]],
          binMs: 100,
          t0Ms: 50,
          also: { responseKind: 'dff' },
        },
      ],
    }
  },
  'recording.npz': (at) => {
    const members = Object.entries(NAMED).map(([name, { shape, values }]): [string, Uint8Array] => [
      `${name}.npy`,
      encodeNpy(name === 'shown' ? Int32Array.from(values) : Float32Array.from(values), shape),
    ])
    writeFileSync(join(at, 'recording.npz'), zipSync(Object.fromEntries(members)))
    return ofNamed({ binMs: 100, t0Ms: 50 })
  },
  'recording.mat': (at) => {
    // MATLAB's first axis runs fastest: its size lists our axes from the last to the first.
    const arrays = Object.entries(NAMED).map(([name, { shape, values }]) => [
      name,
      {
        shape: shape.length === 1 ? [1, ...shape] : shape.toReversed(),
        columnMajor: Float64Array.from(values),
      },
    ])
    writeFileSync(join(at, 'recording.mat'), encodeMat5(Object.fromEntries(arrays)))
    return ofNamed({})
  },
  'all.h5': async (at) => {
    await writeEverything(join(at, 'all.h5'))
    return ofEverything
  },
}
