import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { encodeNpy } from '../../../../../src-main/io/formats/numpy/npy-write.ts'
import { describeData } from '../../../../../src-main/data/assemble/build-data.ts'
import type { DataDeps } from '../../../../../src-main/data/content/data-deps.ts'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { parseRunConfig } from '../../../../../src-shared/schema/run-config.ts'
import { writeNpz } from '../../../../support/image-arrays.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { encodedImage, writeTree } from '../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
const place: DataDeps = { home: join(root, 'home'), folder: root, now: () => 0, date: () => new Date() }
const look = (path: string, options: object = {}) => dataLibrary.look(place, { path, ...options })
const left = async (path: string, options: object = {}) =>
  (await look(path, options)).account.left.map(({ kind, name, severity }) => `${severity}: ${kind} ${name}`)

const floats = (values: readonly number[], ...shape: number[]): Uint8Array =>
  encodeNpy(Float32Array.from(values), shape)
const images = encodeNpy(
  Uint8Array.from({ length: 3 * 4 * 5 }, (_, i) => i),
  [3, 4, 5],
)
const counts = floats([1, 2, 3, 4, 5, 6], 2, 3)

beforeAll(async () => {
  const png = await encodedImage(9)
  writeTree(root, {
    'classes/a/0.png': png,
    'classes/b/0.png': await encodedImage(30),
    'two/images.npy': images,
    'two/responses_v1.npy': counts,
    'two/responses_v4.npy': floats([7, 8, 9], 1, 3),
    'deep/readme.txt': 'x',
    'two/notes.txt': 'x',
    'two/eye.npy': floats([1], 1),
    'rival/images.npy': images,
    'rival/a/responses.npy': counts,
    'rival/b/responses.npy': floats([6, 5, 4, 3, 2, 1], 2, 3),
    'sources/images.npy': images,
    'sources/stimuli.npy': images,
    'sources/responses.npy': counts,
    'averages/images_a/0.png': png,
    'averages/images_a/1.png': png,
    'averages/images_a/2.png': png,
    'averages/mean/responses_a.npy': floats([0, 0, 0], 1, 3),
    'averages/raw/responses_a.npy': floats([1, 2, 3], 1, 3),
    'named/x.npy': images,
    'named/y.npy': floats([1, 2, 3, 4, 5, 6], 3, 2),
    'named/readme.md': 'x',
    'table/a.png': png,
    'table/unused.png': png,
    'table/t.csv': 'image,unit_1\na.png,1\n',
    'table/old.h5': 'x',
  })
  await writeNpz(join(root, 'digits.npz'), {
    x_train: { values: new Uint8Array(4 * 64).fill(200), shape: [4, 8, 8] },
    y_train: { values: Int32Array.of(0, 1, 0, 1), shape: [4] },
  })
  const deep = Uint16Array.from({ length: 8 * 64 }, (_, i) => (i * 37) % 4096)
  await writeNpz(join(root, 'deep/set.npz'), {
    x_train: { values: deep, shape: [8, 8, 8] },
    y_train: { values: Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1), shape: [8] },
    x_test: { values: deep.slice(0, 128), shape: [2, 8, 8] },
    y_test: { values: Int32Array.of(0, 1), shape: [2] },
  })
})

describe('what is said about images with classes and data files', () => {
  test('an option that they do not have is refused with the nearest name', async () => {
    const { path, hint } = await problemOf(() => look('classes', { mapping: { valuMax: 3 } }))
    expect(path).toBe('valuMax')
    expect(hint).toContain(
      'Did you mean "valueMax"? Known options of images with classes: size, valueMin, valueMax.',
    )
  })
  test('an area is refused: whoever names one thinks of a recording', async () => {
    const { path, message, asks } = await problemOf(() => look('classes', { area: 'v1' }))
    expect([path, asks]).toEqual(['area', ['area']])
    expect(message).toContain('is read as images with classes, which have no area')
  })
  test('a data file has no options', async () => {
    const { id } = await dataLibrary.add(place, { path: 'two', name: 'two', area: undefined })
    await dataLibrary.export(place, { id, path: join(root, 'two.h5'), format: 'canonical' })
    for (const said of [{ area: 'v4' }, { mapping: { binMs: 10 } }])
      expect((await problemOf(() => look('two.h5', said))).message).toContain('has no options')
    expect((await look('two.h5')).sessions).toHaveLength(2)
  })
  test('an archive of images and labels is a set by itself, with no mapping', async () => {
    expect((await look('digits.npz')).parts).toMatchObject([{ name: 'train', images: 4 }])
  })
})

describe('several files of responses', () => {
  test('to the same images are a session each, which share the images', async () => {
    const { sessions, summary } = await look('two')
    expect(sessions.map(({ session, area, units }) => [session, area, units])).toEqual([
      ['v1', 'V1', 2],
      ['v4', 'V4', 1],
    ])
    expect(summary).toContain('3 images')
  })
  test('of one name are asked for, and the option decides', async () => {
    const { message, hint, asks } = await problemOf(() => look('rival'))
    expect(message).toContain(`${join('a', 'responses.npy')}, ${join('b', 'responses.npy')}`)
    expect(hint).toContain('option responses')
    expect(asks).toEqual(['responses'])
    const { sessions } = await look('rival', { mapping: { responses: ['b/responses.npy'] } })
    expect(sessions[0]?.meanResponse).toBe(3.5)
    expect(await left('rival', { mapping: { responses: ['b/responses.npy'] } })).toEqual([
      `warning: file a/responses.npy`,
    ])
  })
  test('with several sets of images: the images are asked for', async () => {
    const { message, hint, asks } = await problemOf(() => look('sources'))
    expect(message).toContain('2 places can hold the images: images.npy, stimuli.npy')
    expect(hint).toContain('option images')
    expect(asks).toEqual(['images'])
    expect((await look('sources', { mapping: { images: 'stimuli.npy' } })).sessions).toHaveLength(1)
  })
  test('single trials go before averages, which are named', async () => {
    expect((await look('averages')).sessions[0]?.meanResponse).toBe(2)
    expect(await left('averages')).toEqual(['warning: file mean/responses_a.npy'])
  })
})

describe('what is not used is named', () => {
  test('beside images and responses', async () => {
    expect(await left('two')).toEqual(['warning: file eye.npy', 'note: file notes.txt'])
  })
  test('beside a table', async () => {
    expect(await left('table', { area: 'v1' })).toEqual(['warning: file unused.png', 'warning: file old.h5'])
  })
  test('beside named arrays of a folder', async () => {
    const parts = [{ array: 'y', axes: 'tu' }]
    const mapping = { images: { array: 'x', axes: 'ihw' }, sessions: [{ key: 's', area: 'V1', parts }] }
    expect(await left('named', { mapping })).toEqual(['note: file readme.md'])
  })
})

describe('a config states what is white', () => {
  const config = (options: object) =>
    parseRunConfig({
      dataset: {
        fn: 'img_loader',
        config: { dataset_cls: 'ImageFolder', data_dir: 'deep', input_size: 8, ...options },
      },
      model: { fn: 'classification_cnn_builder' },
      trainer: { fn: 'cotrainer' },
    })
  const fingerprint = async (options: object): Promise<string> => {
    const parsed = config(options)
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    return (await describeData(parsed.value.dataset, parsed.value.data_seed, place)).fingerprint
  }
  test('where the arrays leave it open; other whites are other data', async () => {
    const { hint } = await problemOf(() => fingerprint({}))
    expect(hint).toContain('value_max')
    expect(await fingerprint({ value_max: 4095 })).not.toBe(await fingerprint({ value_max: 65535 }))
  })
  test('and not of a registered set, which was told', () => {
    const parsed = config({ dataset_cls: 'library', data_set: 'x', value_max: 4095 })
    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toEqual(['dataset.config.value_max'])
  })
})
