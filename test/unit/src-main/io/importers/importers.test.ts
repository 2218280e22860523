import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CanonicalSession, CanonicalSet } from '../../../../../src-main/io/canonical/set.ts'
import { loadCanonical, openCanonical } from '../../../../../src-main/io/canonical/read.ts'
import { validateCanonical } from '../../../../../src-main/io/canonical/validate.ts'
import { createHdf5 } from '../../../../../src-main/io/formats/hdf5/hdf5-writer.ts'
import { encodeNpy } from '../../../../../src-main/io/formats/numpy/npy-write.ts'
import { openArrays } from '../../../../../src-main/io/importers/mapped/array-source.ts'
import { detectImporter, findImporter } from '../../../../../src-main/io/importers/registry.ts'
import { importInSandbox } from '../../../../../src-main/io/importers/sandbox/sandbox.ts'
import { numpyFiles } from '../../../../support/numpy-files.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { encodedImage, writeTree } from '../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const work = join(folder, 'work')
const at = (name: string): string => join(folder, name)
const f4 = (values: number[], shape: number[]): Uint8Array => encodeNpy(Float32Array.from(values), shape)
const i4 = (values: number[]): Uint8Array => encodeNpy(Int32Array.from(values), [values.length])

async function read(kind: string, path: string, options: object = {}): Promise<CanonicalSet> {
  const set = await findImporter(kind).read(path, options, work)
  expect(validateCanonical(set, path)).toEqual([])
  return set
}
const only = (set: CanonicalSet): CanonicalSession => set.sessions[0] as CanonicalSession

const treeFiles: Record<string, Uint8Array> = {
  'meta/trials/tiers.npy': encodeNpy(['train', 'test', 'validation', 'test'], [4]),
  'meta/trials/frame_image_id.npy': i4([5, 9, 6, 9]),
  'meta/neurons/unit_ids.npy': i4([11, 12]),
  'meta/neurons/area.npy': encodeNpy(['V4', 'V4'], [2]),
  ...Object.fromEntries(
    [1, 2, 3, 2].flatMap((level, trial) => [
      [`data/images/${trial}.npy`, encodeNpy(Uint8Array.of(level, level, level + 10, level + 10), [2, 2, 1])],
      [`data/responses/${trial}.npy`, encodeNpy(Float64Array.of(trial, trial + 0.5), [2])],
      [`data/behavior/${trial}.npy`, f4([1, 2, 3], [3])],
    ]),
  ),
}

test('a file tree, as folder and as zip, collapses repeats of an image into one', async () => {
  writeTree(at('static7-GrayImageNet-x'), treeFiles)
  const members = Object.fromEntries(
    Object.entries(treeFiles).map(([name, data]) => [`static7-GrayImageNet-x/${name}`, data]),
  )
  writeFileSync(at('tree.zip'), zipSync(members))
  for (const path of [at('static7-GrayImageNet-x'), at('tree.zip')]) {
    expect(detectImporter(path)).toBe('filetree')
    const set = await read('filetree', path)
    expect(only(set)).toMatchObject({
      key: '7',
      area: 'V4',
      responseKind: 'rate',
      units: { id: ['11', '12'] },
    })
    expect(only(set).trials).toMatchObject({
      imageId: Int32Array.of(5, 9, 6, 9),
      tier: Uint8Array.of(1, 3, 2, 3),
      repeat: Int32Array.of(0, 0, 0, 1),
    })
    expect(only(set).trials.behavior?.names).toEqual(['pupil_size', 'pupil_size_derivative', 'running_speed'])
    expect(set.images.source).toMatchObject({ length: 3, height: 2, width: 2, channels: 1 })
  }
  const { 'data/responses/2.npy': _, ...missing } = treeFiles
  writeTree(at('gap'), missing)
  expect((await problemOf(() => read('filetree', at('gap')))).path).toBe(at('gap/data/responses/2.npy'))
})

test('the published session pickle: units x bins x trials, ids counted from 1', async () => {
  writeTree(at('monkey'), {
    'neuronal_data/A.pickle': numpyFiles.session.get('A.pickle') ?? '',
    'neuronal_data/CSRF19_V4_3653663964522.pickle': 'left out by default',
    ...Object.fromEntries(
      [0, 1, 2].map((i) => [`images/00000${i}.npy`, encodeNpy(Uint8Array.of(i, i), [1, 2])]),
    ),
  })
  expect(detectImporter(at('monkey'))).toBe('session-pickle')
  const set = await read('session-pickle', at('monkey'))
  expect(only(set)).toMatchObject({
    key: 'A',
    subject: 'm',
    bins: 2,
    units: { id: ['4', '5'] },
    trials: { imageId: Int32Array.of(0, 1, 0, 2), tier: Uint8Array.of(0, 0, 0, 3) },
  })
  expect([...only(set).responses.subarray(0, 4)]).toEqual([0, 3, 6, 9]) // trial 0: unit 0 bins 0 and 1, unit 1 bins 0 and 1
  expect((await problemOf(() => read('session-pickle', at('monkey'), { exclude: [] }))).path).toContain(
    'CSRF19_V4_3653663964522.pickle',
  )
})

test('an npz is read with train and test pairs named in a mapping', async () => {
  writeFileSync(
    at('a.npz'),
    zipSync({
      'images.npy': encodeNpy(
        Uint8Array.from({ length: 12 }, (_, i) => i),
        [3, 2, 2],
      ),
      'train.npy': f4([1, 2, 3, 4], [2, 2]),
      'train_ids.npy': i4([1, 2]),
      'test.npy': f4([5, 6, NaN, 8], [1, 2, 2]),
      'test_ids.npy': i4([3]),
    }),
  )
  const mapping = {
    images: { array: 'images', axes: 'ihw' },
    sessions: [
      {
        key: 's',
        parts: [
          { array: 'train', axes: 'tu', imageIds: 'train_ids', idOffset: -1 },
          { array: 'test', axes: 'iur', imageIds: 'test_ids', idOffset: -1, tier: 'test' },
        ],
      },
    ],
  }
  const { trials, responses } = only(await read('arrays', at('a.npz'), { mapping }))
  expect(trials).toMatchObject({
    imageId: Int32Array.of(0, 1, 2, 2),
    tier: Uint8Array.of(0, 0, 3, 3),
    repeat: Int32Array.of(0, 0, 0, 1),
  })
  expect(responses).toEqual(Float32Array.of(1, 2, 3, 4, 5, NaN, 6, 8))
  const wrong = await problemOf(() =>
    read('arrays', at('a.npz'), { mapping: { ...mapping, images: { array: 'images', axes: 'hw' } } }),
  )
  expect(wrong.message).toBe('has 3 axes (3 x 2 x 2), the mapping names 2: hw.')
  expect(
    (await problemOf(() => read('arrays', at('a.npz'), { mapping: { images: {}, sessions: [] } }))).path,
  ).toBe('mapping.images.array')
})

test('an HDF5 file with reversed axes is browsed and read', async () => {
  const file = await createHdf5(at('matlab.h5'))
  file.group('/data')
  file.array('/data/stim', Float32Array.of(0, 0.25, 0.5, 0.75, 1, 0.1), [1, 2, 3]) // w, h, image
  file.array('/data/resp', Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]) // unit, image
  file.close()
  const source = await openArrays(at('matlab.h5'))
  expect(source.list()).toEqual([
    { path: '/data/resp', shape: [2, 3], type: 'float64' },
    { path: '/data/stim', shape: [1, 2, 3], type: 'float32' },
  ])
  source.close()
  const mapping = {
    images: { array: '/data/stim', axes: 'whi' },
    sessions: [{ key: 'm', responseKind: 'rate', parts: [{ array: '/data/resp', axes: 'ui' }] }],
  }
  const set = await read('arrays', at('matlab.h5'), { mapping })
  expect(only(set).responses).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6))
  const pixels = new Float32Array(6)
  await set.images.source.read([0, 1, 2], pixels)
  expect(pixels).toEqual(Float32Array.of(0, 0.75, 0.25, 1, 0.5, 0.1))
})

test('static HDF5 files keep tiers, ids and behaviour', async () => {
  const file = await createHdf5(at('static9.h5'))
  file.array('/images', Uint8Array.of(1, 2, 3, 4, 1, 2), [3, 1, 1, 2])
  file.array('/responses', Float32Array.of(-1, 2, 3), [3, 1])
  file.strings('/tiers', ['train', 'final_test', 'train'])
  file.array('/behavior', Float32Array.of(1, 2, 3), [3, 1])
  file.group('/neurons')
  file.array('/neurons/unit_ids', Int32Array.of(4), [1])
  file.close()
  const { key, trials, units, responseKind } = only(await read('static-hdf5', at('static9.h5')))
  expect([key, units.id, responseKind]).toEqual(['9', ['4'], 'dff'])
  expect(trials).toMatchObject({
    imageId: Int32Array.of(0, 1, 0),
    tier: Uint8Array.of(1, 4, 1),
    behavior: { names: ['behavior_0'] },
  })
})

async function nwbFile(name: string, withUnits: boolean): Promise<string> {
  const file = await createHdf5(at(name))
  file.attributes('/', { nwb_version: '2.6.0' })
  file.strings('/identifier', ['rec/1'])
  for (const group of [
    '/stimulus',
    '/stimulus/templates',
    '/stimulus/templates/images',
    '/intervals',
    '/intervals/trials',
    '/units',
    '/processing',
    '/processing/ophys',
    '/processing/ophys/DfOverF',
    '/processing/ophys/DfOverF/roi',
  ])
    file.group(group)
  file.array('/stimulus/templates/images/data', Uint8Array.of(1, 2, 3, 4), [2, 1, 2])
  file.array('/intervals/trials/start_time', Float64Array.of(1, 2, 3), [3])
  file.array('/intervals/trials/image_id', Int32Array.of(0, 1, 0), [3])
  if (withUnits) {
    file.array('/units/spike_times', Float64Array.of(1.05, 1.1, 1.149, 1.15, 2.06, 3.1, 1.2), [7])
    file.array('/units/spike_times_index', Int32Array.of(6, 7), [2])
    file.array('/units/id', Int32Array.of(20, 21), [2])
    file.strings('/units/quality', ['good', 'mua'])
  }
  file.array('/processing/ophys/DfOverF/roi/data', Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7), [4, 2])
  file.array('/processing/ophys/DfOverF/roi/timestamps', Float64Array.of(1.06, 1.14, 2.1, 2.2), [4])
  file.close()
  return at(name)
}

test('NWB: spikes are counted from the start of the window up to its end', async () => {
  const path = await nwbFile('a.nwb', true)
  expect(detectImporter(path)).toBe('nwb')
  const session = only(await read('nwb', path, { signal: 'spikes' }))
  expect(session).toMatchObject({
    key: 'rec-1',
    responseKind: 'counts',
    bins: 1,
    t0Ms: 50,
    binMs: 100,
    units: { id: ['20', '21'] },
  })
  expect(session.responses).toEqual(Float32Array.of(3, 0, 1, 0, 1, 0))
  const finer = only(
    await read('nwb', path, { signal: 'spikes', t0Ms: 50, binMs: 50, bins: 2, quality: ['good'] }),
  )
  expect([finer.units.id, finer.bins, [...finer.responses]]).toEqual([['20'], 2, [1, 2, 1, 0, 0, 1]])
  expect((await problemOf(() => read('nwb', path, { signal: 'spikes', quality: ['best'] }))).message).toBe(
    'no unit is best; found: good, mua.',
  )
  expect((await problemOf(() => read('nwb', path, { imageColumn: 'x' }))).message).toContain(
    'has no columns start_time and x',
  )
})

test('NWB: calcium traces are averaged in the window, NaN where no sample lies there', async () => {
  const session = only(await read('nwb', await nwbFile('b.nwb', false)))
  expect(session.responseKind).toBe('dff')
  expect(session.responses).toEqual(Float32Array.of(1, 2, 4, 5, NaN, NaN))
})

test('a table beside its images gives one session per name', async () => {
  writeTree(at('csv'), {
    'img/a.png': await encodedImage(1),
    'img/b.png': await encodedImage(2),
    'trials.csv':
      'image;session;tier;unit_x;unit_y\na.png;s2;train;1;\nb.png;s1;test;2;3\n"b.png";s1;test;4;"5"\n',
  })
  expect(detectImporter(at('csv'))).toBe('csv-folder')
  const set = await read('csv-folder', at('csv'), { area: 'v4' })
  expect(set.sessions.map(({ key, responses }) => [key, [...responses]])).toEqual([
    ['s1', [2, 3, 4, 5]],
    ['s2', [1, NaN]],
  ])
  expect(only(set).trials).toMatchObject({
    imageId: Int32Array.of(1, 1),
    tier: Uint8Array.of(3, 3),
    repeat: Int32Array.of(0, 1),
  })
  const bad = async (text: string): Promise<string> => {
    writeFileSync(at('csv/trials.csv'), text)
    return (await problemOf(() => read('csv-folder', at('csv')))).message
  }
  expect(await bad('image,unit_x\nc.png,1\n')).toBe('"c.png" is not in the folder.')
  expect(await bad('image,unit_x\na.png,fast\n')).toBe('"fast" is no number.')
  expect(await bad('image,unit_x\na.png\n')).toBe('has 1 cells, the header has 2.')
  expect(await bad('image,x\na.png,1\n')).toContain('no column whose name starts with "unit_"')
})

test('images beside units x images x repeats leave out repeats never shown', async () => {
  const images = { 'image2.png': await encodedImage(2), 'image10.png': await encodedImage(10) }
  writeTree(at('pair'), {
    'images_s.zip': zipSync(
      Object.fromEntries(Object.entries(images).map(([name, data]) => [name, new Uint8Array(data)])),
    ),
    'responses_s.npy': f4([1, 2, 3, NaN, 5, 6, 7, NaN], [2, 2, 2]),
  })
  expect(detectImporter(at('pair'))).toBe('images-and-responses')
  expect(await problemOf(() => read('images-and-responses', at('pair')))).toMatchObject({
    hint: expect.stringContaining('responseAxes') as string,
    asks: ['responseAxes'],
  })
  const set = await read('images-and-responses', at('pair'), { responseAxes: 'unit,trial' })
  expect(set.images.origin).toEqual(['image2.png', 'image10.png'])
  expect(only(set).trials).toMatchObject({ imageId: Int32Array.of(0, 0, 1), repeat: Int32Array.of(0, 1, 0) })
  expect(only(set).responses).toEqual(Float32Array.of(1, 5, 2, 6, 3, 7))
  writeTree(at('pair'), { 'responses_s.npy': f4([1, 2, 3], [1, 3]) })
  expect((await problemOf(() => read('images-and-responses', at('pair')))).message).toBe(
    'shape (1, 3) does not fit 2 trials.',
  )
})

const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('cotrain-import-'))

// A temporary folder of this file's own: other imports of the machine come and go in the common one.
const common = process.env['TMPDIR']
const own = mkdtempSync(join(tmpdir(), 'cotrain-test-'))
beforeAll(() => {
  process.env['TMPDIR'] = own
})
afterAll(() => {
  rmSync(own, { recursive: true, force: true })
  if (common === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = common
})

test('the sandbox writes the canonical file, or one error and nothing else', async () => {
  const before = leftovers()
  const output = at('out.h5')
  const request = {
    importer: 'filetree',
    path: at('static7-GrayImageNet-x'),
    output,
    created: '2024-01-01T00:00:00Z',
  }
  const news: unknown[] = []
  const hash = await importInSandbox({ ...request, progress: (...told) => news.push(told) })
  expect(news).toEqual([
    ['writing the data file', 0],
    ['writing the data file', 1],
  ])
  const file = await openCanonical(output)
  expect(file.contentHash).toBe(hash)
  expect(loadCanonical(file).sessions[0]?.units.id).toEqual(['11', '12'])
  file.close()
  const failed = await problemOf(() =>
    importInSandbox({ ...request, path: at('gap'), output: at('none.h5') }),
  )
  expect(failed).toMatchObject({ code: 'file-missing', path: at('gap/data/responses/2.npy') })
  expect(existsSync(at('none.h5'))).toBe(false)
  expect(leftovers()).toEqual(before)
})

test('the sandbox kills a process that takes too long or too much memory, and obeys a cancel', async () => {
  const before = leftovers()
  const request = {
    importer: 'filetree',
    path: at('static7-GrayImageNet-x'),
    output: at('none.h5'),
    created: '',
  }
  expect((await problemOf(() => importInSandbox({ ...request, limits: { timeoutMs: 20 } }))).message).toBe(
    'reading it took longer than 0.02 s.',
  )
  if (process.platform === 'linux')
    expect(
      (await problemOf(() => importInSandbox({ ...request, limits: { memoryBytes: 2 ** 20 } }))).message,
    ).toBe('reading it took more than 1 MiB of memory.')
  const cancelled = await problemOf(() => importInSandbox({ ...request, signal: AbortSignal.abort() }))
  expect(cancelled.code).toBe('cancelled')
  expect(existsSync(at('none.h5'))).toBe(false)
  expect(leftovers()).toEqual(before)
})
