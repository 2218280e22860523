import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { importOptions } from '../../../../../src-main/host/cli/import-options.ts'
import { createHdf5 } from '../../../../../src-main/io/formats/hdf5-writer.ts'
import { encodeNpy } from '../../../../../src-main/io/formats/npy-write.ts'
import { detectImporter, findImporter } from '../../../../../src-main/io/importers/registry.ts'
import { IMPORTERS } from '../../../../../src-shared/schema/importer/importers.ts'
import { pickleDict } from '../../../../support/recordings/pickle-writer.ts'
import { encodedImage, writeTree } from '../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

/** Every example of docs/guide/data.md is run on a small recording of its layout. */
const folder = temporaryFolder()
const at = (name: string): string => join(folder, name)
const f4 = (values: number[], shape: number[]): Uint8Array => encodeNpy(Float32Array.from(values), shape)
const guide = readFileSync(join(import.meta.dirname, '../../../../../docs/guide/data.md'), 'utf8')
const examples = [...guide.matchAll(/^\| `([a-z0-9-]+)`\s*\| `cotrain data add (\S+) ([^`]*)`\s*\|$/gm)].map(
  ([, kind = '', path = '', rest = '']) => ({ kind, path, rest }),
)

/** What the terminal would make of the words after the path. */
function parseWords(text: string): { area?: string; mapping?: string; option: string[] } {
  const words = text
    .trim()
    .split(/ (?=--)/)
    .map((word) => word.split(/ (.*)/s))
  const of = (name: string): string[] =>
    words.filter(([flag]) => flag === name).map(([, value = '']) => value.trim())
  const [area] = of('--area')
  const [mapping] = of('--mapping')
  return {
    ...(area !== undefined && { area }),
    ...(mapping !== undefined && { mapping: at(mapping) }),
    option: of('--option'),
  }
}

const i8 = (values: number[]) => ({
  type: 'i8',
  shape: [values.length],
  bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
})
const cube = (shape: number[]) => ({
  type: 'f4',
  shape,
  bytes: new Uint8Array(new Float32Array(shape.reduce((a, b) => a * b, 1)).buffer),
})

const MAKE: Readonly<Record<string, () => Promise<void> | void>> = {
  nwb: async () => {
    const file = await createHdf5(at('session.nwb'))
    file.attributes('/', { nwb_version: '2.7.0' })
    for (const group of [
      '/stimulus',
      '/stimulus/templates',
      '/stimulus/templates/p',
      '/intervals',
      '/intervals/trials',
      '/intervals/epochs',
      '/units',
    ])
      file.group(group)
    file.array('/stimulus/templates/p/data', Uint8Array.of(1, 2, 3, 4), [2, 1, 2])
    for (const table of ['trials', 'epochs']) {
      file.array(`/intervals/${table}/start_time`, Float64Array.of(1, 2), [2])
      file.array(`/intervals/${table}/image_id`, Int32Array.of(0, 1), [2])
    }
    file.strings('/intervals/trials/part', ['train', 'test'])
    file.array('/units/spike_times', Float64Array.of(1.1), [1])
    file.array('/units/spike_times_index', Int32Array.of(1), [1])
    file.close()
  },
  'session-pickle': () =>
    writeTree(at('monkey'), {
      'neuronal_data/a.pickle': pickleDict({
        training_responses: cube([2, 1, 3]),
        training_image_ids: i8([1, 2, 1]),
        testing_responses: cube([2, 1, 1]),
        testing_image_ids: i8([2]),
      }),
      ...Object.fromEntries(
        [0, 1, 2].map((i) => [`images/00000${i}.npy`, encodeNpy(Uint8Array.of(i, 1), [1, 2])]),
      ),
    }),
  filetree: () =>
    writeTree(at('static1-2-GrayImageNet'), {
      'meta/trials/tiers.npy': encodeNpy(['train', 'test'], [2]),
      'meta/neurons/area.npy': encodeNpy(['V1', 'LM'], [2]),
      ...Object.fromEntries(
        [0, 1].flatMap((trial) => [
          [`data/images/${trial}.npy`, encodeNpy(Uint8Array.of(trial, 2, 3), [1, 1, 3])],
          [`data/responses/${trial}.npy`, f4([1, 2], [2])],
        ]),
      ),
    }),
  'static-hdf5': async () => {
    const file = await createHdf5(at('static5.h5'))
    file.array(
      '/images',
      Uint8Array.from({ length: 40 }, (_, i) => i),
      [2, 1, 4, 5],
    )
    file.array('/responses', Float32Array.of(1, 2, 3, 4), [2, 2])
    file.strings('/tiers', ['train', 'test'])
    file.close()
  },
  'images-and-responses': () =>
    writeTree(at('pair'), {
      'images.npy': encodeNpy(
        Uint8Array.from({ length: 3 * 20 }, (_, i) => i),
        [3, 4, 5],
      ),
      'responses.npy': f4([1, 2, 3, 4, 5, 6], [2, 3]),
    }),
  'stimulus-tables': () =>
    writeTree(at('region1'), {
      'training_inputs.npy': encodeNpy(Float64Array.of(1, 2, 3, 4), [1, 4]),
      'training_set.npy': encodeNpy(Float64Array.of(1, 2), [1, 2]),
    }),
  'csv-folder': async () =>
    writeTree(at('table'), {
      'a.png': await encodedImage(1),
      'b.png': await encodedImage(2),
      't.csv': 'image,tier,unit_1\na.png,0,1\nb.png,1,-999\n',
    }),
  arrays: () => {
    const pixels = f4([0, 1, 0, 1, NaN, 0], [3, 1, 2])
    const members = {
      'images.npy': pixels,
      'r.npy': f4([1, 2, 3], [3, 1]),
      'ids.npy': encodeNpy(Int32Array.of(1, 2, 1), [3]),
    }
    writeFileSync(at('recording.npz'), zipSync(members))
    const parts = [{ array: 'r', axes: 'tu', imageIds: 'ids' }]
    writeFileSync(
      at('mapping.json'),
      JSON.stringify({ images: { array: 'images', axes: 'ihw' }, sessions: [{ key: 's', parts }] }),
    )
  },
}

test('the guide has an example of every importer', () => {
  expect(examples.map(({ kind }) => kind).sort()).toEqual(
    expect.arrayContaining(Object.keys(IMPORTERS).sort()),
  )
})

test.each(examples.filter(({ kind }) => kind in MAKE))(
  '$kind: the example is read',
  async ({ kind, path, rest }) => {
    await MAKE[kind]?.()
    const { area, ...given } = parseWords(rest)
    const options = {
      ...((await importOptions(given)) as object | undefined),
      ...(area !== undefined && { area }),
    }
    const set = await findImporter(kind).read(at(path), options, folder)
    expect(set.sessions).toHaveLength(1)
    expect(set.sessions[0]?.area).toBe((area ?? 'v1').toUpperCase())
    if (kind !== 'images-and-responses') expect(detectImporter(at(path))).toBe(kind)
  },
)
