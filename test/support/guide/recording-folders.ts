import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { createHdf5 } from '../../../src-main/io/formats/hdf5/hdf5-writer.ts'
import { encodeNpy } from '../../../src-main/io/formats/numpy/npy-write.ts'
import { type PickledNumbers, pickleDict } from '../recordings/pickle-writer.ts'
import { writeTree } from '../sample-images.ts'
import type { MadeRecording, MakeRecording } from './made-recordings.ts'

const f4 = (values: readonly number[], shape: number[]): Uint8Array =>
  encodeNpy(Float32Array.from(values), shape)
/** Pixels that begin with the given level; the others differ, so that turned axes would tell. */
const pixels = (level: number, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => level + i)

const integers = (values: readonly number[]): PickledNumbers => ({
  type: 'i8',
  shape: [values.length],
  bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
})
const floats = (values: readonly number[], shape: number[]): PickledNumbers => ({
  type: 'f4',
  shape,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
})

/** Two units in two trials of a Sensorium folder. */
function sensorium(areas: readonly string[], first = 1): Record<string, Uint8Array> {
  return {
    'meta/trials/tiers.npy': encodeNpy(['train', 'test'], [2]),
    'meta/neurons/area.npy': encodeNpy(areas, [2]),
    'data/images/0.npy': encodeNpy(pixels(10, 18), [1, 3, 6]),
    'data/images/1.npy': encodeNpy(pixels(20, 18), [1, 3, 6]),
    'data/responses/0.npy': f4([first, 2], [2]),
    'data/responses/1.npy': f4([3, 4], [2]),
  }
}

const archive = (first: number): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(sensorium(['V1', 'V1'], first)).map(([name, bytes]) => [
        `static3-4-GrayImageNet/${name}`,
        bytes,
      ]),
    ),
  )
const ofArchive = (name: string, first: number): MadeRecording => ({
  importer: 'filetree',
  name,
  sessions: [
    {
      key: '3-4',
      area: 'V1',
      units: ['0', '1'],
      shown: [10, 20],
      tiers: [1, 3],
      responses: [
        [first, 2],
        [3, 4],
      ],
    },
  ],
})

/** Recordings in published layouts. */
export const RECORDING_FOLDERS: Readonly<Record<string, MakeRecording>> = {
  monkey: (at) => {
    writeTree(join(at, 'monkey'), {
      'neuronal_data/s1.pickle': pickleDict({
        training_responses: floats([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]), // units, bins, trials
        training_image_ids: integers([1, 3]),
        testing_responses: floats([9, 10, 11, 12], [2, 2, 1]),
        testing_image_ids: integers([2]),
      }),
      ...Object.fromEntries(
        [10, 40, 70, 100].map((level, i) => [
          `images/00000${i}.npy`,
          encodeNpy(pixels(level, 12), [3, 4, 1]),
        ]),
      ),
    })
    return {
      importer: 'session-pickle',
      name: 'monkey',
      sessions: [
        {
          key: 's1',
          area: 'V1',
          units: ['0', '1'],
          shown: [10, 70, 40],
          tiers: [0, 0, 3],
          responses: [
            [1, 3, 5, 7],
            [2, 4, 6, 8],
            [9, 10, 11, 12],
          ],
          binMs: 10,
          t0Ms: 40,
        },
      ],
    }
  },
  archive: (at) => {
    const session = (level: number): Uint8Array =>
      pickleDict({
        session_id: 'late',
        training_responses: floats([level, 2, 3, 4], [2, 2]),
        training_image_ids: integers([1, 2]),
        testing_responses: floats([5, 6, 7, 8], [2, 2]),
        testing_image_ids: integers([3, 3]),
      })
    writeTree(join(at, 'archive'), {
      'neuronal_data/sorted/late.pickle': session(1),
      'neuronal_data/sorted/old.pickle': session(9),
      ...Object.fromEntries(
        [10, 40, 70].map((level, i) => [`images/grey/00000${i}.npy`, encodeNpy(pixels(level, 6), [2, 3])]),
      ),
    })
    return {
      importer: 'session-pickle',
      name: 'archive',
      sessions: [
        {
          key: 'late',
          area: 'V4',
          units: ['0', '1'],
          shown: [10, 40, 70, 70],
          tiers: [0, 0, 3, 3],
          responses: [
            [1, 3],
            [2, 4],
            [5, 7],
            [6, 8],
          ],
        },
      ],
    }
  },
  'static1-2-GrayImageNet': (at) => {
    writeTree(join(at, 'static1-2-GrayImageNet'), sensorium(['V1', 'LM']))
    return {
      importer: 'filetree',
      name: 'static1-2-GrayImageNet',
      sessions: [
        {
          key: '1-2-V1',
          area: 'V1',
          units: ['0'],
          shown: [10, 20],
          tiers: [1, 3],
          responses: [[1], [3]],
          binMs: 500,
          t0Ms: 0,
        },
      ],
    }
  },
  'static3-4-GrayImageNet.zip': (at) => {
    writeFileSync(join(at, 'static3-4-GrayImageNet.zip'), archive(1))
    return ofArchive('static3-4-GrayImageNet', 1)
  },
  'static5.h5': async (at) => {
    const file = await createHdf5(join(at, 'static5.h5'))
    file.array('/images', Uint8Array.from([...pixels(10, 20), ...pixels(50, 20)]), [2, 1, 4, 5])
    file.array('/responses', Float32Array.of(1, 2, 3, 4), [2, 2])
    file.strings('/tiers', ['train', 'test'])
    file.close()
    return {
      importer: 'static-hdf5',
      name: 'static5',
      sessions: [
        {
          key: '5',
          area: 'V4',
          units: ['0', '1'],
          shown: [10, 50],
          tiers: [1, 3],
          responses: [
            [1, 3],
            [2, 4],
          ],
          binMs: 500,
          t0Ms: 0,
        },
      ],
    }
  },
  'session.zip': (at) => {
    writeFileSync(join(at, 'session.zip'), archive(5))
    return ofArchive('session', 5)
  },
}
