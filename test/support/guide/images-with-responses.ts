import { join } from 'node:path'
import { encodeNpy } from '../../../src-main/io/formats/numpy/npy-write.ts'
import { encodedImage, writeTree } from '../sample-images.ts'
import type { MakeRecording } from './made-recordings.ts'

const f4 = (values: readonly number[], shape: number[]): Uint8Array =>
  encodeNpy(Float32Array.from(values), shape)
/** Pixels that begin with the given level; the others differ, so that turned axes would tell. */
const pixels = (level: number, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => level + i)

/** A flat folder of images of the given levels; number 10 comes after number 9. */
async function numbered(folder: string, levels: readonly number[]): Promise<Record<string, Uint8Array>> {
  const made = levels.map(async (level, i): Promise<[string, Uint8Array]> => [
    `${folder}/scene${i + 9}.png`,
    await encodedImage(level, { grey: true }),
  ])
  return Object.fromEntries(await Promise.all(made))
}

/** Images with arrays or tables of responses. */
export const IMAGES_WITH_RESPONSES: Readonly<Record<string, MakeRecording>> = {
  scenes: async (at) => {
    writeTree(join(at, 'scenes'), {
      ...(await numbered('images', [30, 40, 50])),
      'responses.npy': f4([1, 2, 3, 4, 5, 6], [2, 3]),
    })
    return {
      importer: 'images-and-responses',
      name: 'scenes',
      sessions: [
        {
          key: 'scenes',
          area: 'V1',
          units: ['0', '1'],
          shown: [30, 40, 50],
          tiers: [0, 0, 0],
          responses: [
            [1, 4],
            [2, 5],
            [3, 6],
          ],
        },
      ],
    }
  },
  pair: (at) => {
    writeTree(join(at, 'pair'), {
      'images.npy': encodeNpy(
        Uint8Array.from([10, 60, 110].flatMap((level) => [...pixels(level, 20)])),
        [3, 4, 5],
      ),
      'responses.npy': f4([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]), // as many units as images
    })
    return {
      importer: 'images-and-responses',
      name: 'pair',
      sessions: [
        {
          key: 'responses',
          area: 'V1',
          units: ['0', '1', '2'],
          shown: [10, 60, 110],
          tiers: [0, 0, 0],
          responses: [
            [1, 4, 7],
            [2, 5, 8],
            [3, 6, 9],
          ],
          also: { responseKind: 'rate' },
        },
      ],
    }
  },
  array: async (at) => {
    writeTree(join(at, 'array'), {
      ...(await numbered('images', [30, 40])),
      'responses_monday.npy': f4([1, 2], [1, 2]),
      'responses_tuesday.npy': f4([3, 4, 5, 6, 7, NaN], [1, 2, 3]), // units, images, repeats
    })
    return {
      importer: 'images-and-responses',
      name: 'array',
      sessions: [
        {
          key: 'tuesday',
          area: 'V4',
          units: ['0'],
          shown: [30, 30, 30, 40, 40],
          tiers: [0, 0, 0, 0, 0],
          responses: [[3], [4], [5], [6], [7]],
          binMs: 100,
          t0Ms: 50,
        },
      ],
    }
  },
  region1: (at) => {
    writeTree(join(at, 'region1'), {
      'training_inputs.npy': encodeNpy(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 4]),
      'training_set.npy': encodeNpy(Float64Array.of(1, 2, 3, 4), [2, 2]),
      'validation_inputs.npy': encodeNpy(Float64Array.of(9, 10, 11, 12), [1, 4]),
      'raw_validation_set.npy': encodeNpy(Float64Array.of(5, 6, 7, 8), [2, 1, 2]), // repeats, images, units
    })
    return {
      importer: 'stimulus-tables',
      name: 'region-one',
      sessions: [
        {
          key: 'region1',
          area: 'V1',
          units: ['0', '1'],
          shown: [1, 5, 9, 9],
          tiers: [0, 0, 3, 3],
          responses: [
            [1, 2],
            [3, 4],
            [5, 6],
            [7, 8],
          ],
          binMs: 200,
          t0Ms: 0,
          also: { subject: 'M1', species: 'mouse' },
        },
      ],
    }
  },
  table: async (at) => {
    writeTree(join(at, 'table'), {
      'a.png': await encodedImage(10, { grey: true }),
      'b.png': await encodedImage(20, { grey: true, size: 12 }),
      't.csv': 'image,tier,unit_1,unit_2\na.png,0,1,2\nb.png,1,-999,3\n',
    })
    return {
      importer: 'csv-folder',
      name: 'table',
      sessions: [
        {
          key: 'table',
          area: 'V4',
          units: ['1', '2'],
          shown: [10, 20],
          tiers: [1, 3],
          responses: [
            [1, 2],
            [null, 3],
          ],
          binMs: 100,
          t0Ms: 50,
        },
      ],
    }
  },
}
