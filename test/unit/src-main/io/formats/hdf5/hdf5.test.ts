import { statSync } from 'node:fs'
import { join } from 'node:path'
import * as hl from 'h5wasm/node'
import { expect, test } from 'vitest'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { openHdf5 } from '../../../../../../src-main/io/formats/hdf5/hdf5.ts'
import { createHdf5 } from '../../../../../../src-main/io/formats/hdf5/hdf5-writer.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { sharedPath } from '../../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const folder = temporaryFolder()

/** A file made with the library itself, before our guard closes it to other paths. */
async function fileWith(name: string, fill: (file: hl.File) => void): Promise<string> {
  await hl.ready
  const path = join(folder, name)
  const file = new hl.File(path, 'w')
  fill(file)
  file.close()
  return path
}

const targetPath = await fileWith(
  'target.h5',
  (file) => void file.create_dataset({ name: 'a', data: [1, 2] }),
)
const linkPath = await fileWith('link.h5', (file) => {
  file.create_external_link('target.h5', '/a', 'out')
  file.create_soft_link('/nowhere', 'soft')
  file.create_hard_link('/', 'loop')
  file.create_dataset({
    name: 'huge',
    data: new Uint8Array(1),
    shape: [1],
    maxshape: [null],
    chunks: [1],
  })
  ;(file.get('huge') as hl.Dataset).resize([4_000_000_000])
})

test('a link into another file is refused although that file exists', async () => {
  expect((await openHdf5(targetPath)).read('/a')).toHaveLength(2)
  const file = await openHdf5(linkPath)
  expect(file.kind('/out')).toBe('external-link')
  expect(await problemOf(() => file.read('/out'))).toMatchObject({
    code: 'file-refused',
    path: `${linkPath}, /out`,
    message: 'is a link into another file.',
  })
  expect(file.kind('/soft')).toBe('broken-link')
  expect(file.kind('/loop/loop/loop')).toBe('group')
})

test('a shape beyond the size of the file is refused before memory is reserved', async () => {
  const file = await openHdf5(linkPath)
  const { code, message } = await problemOf(() => file.read('/huge'))
  expect(code).toBe('file-refused')
  expect(message).toMatch(/^claims 4000000000 bytes, more than a file of \d+ bytes can hold\.$/)
})

test('reads blocks, checks their range and says what a path is', async () => {
  const path = join(folder, 'w.h5')
  const writer = await createHdf5(path)
  writer.group('/g', { unit: 'ms', n: 3, f: 0.5 })
  writer.array('/g/a', Int16Array.of(0, 1, 2, 10, 11, 12), [2, 3])
  writer.strings('/g/s', ['ä', '', 'abc'])
  writer.close()
  const file = await openHdf5(path)
  expect(file.names('/g')).toEqual(['a', 's'])
  expect(file.dataset('/g/a')).toEqual({
    ...{ path: '/g/a', shape: [2, 3], kind: 'int' },
    ...{ bytesPerElement: 2, isBoolean: false },
  })
  expect(
    file.read('/g/a', [
      [1, 1],
      [1, 2],
    ]),
  ).toEqual(Int16Array.of(11, 12))
  expect(file.read('/g/s')).toEqual(['ä', '', 'abc'])
  expect(['unit', 'n', 'f', 'none'].map((name) => file.attribute('/g', name))).toEqual([
    'ms',
    3,
    0.5,
    undefined,
  ])
  expect(
    (
      await problemOf(() =>
        file.read('/g/a', [
          [1, 2],
          [0, 1],
        ]),
      )
    ).message,
  ).toBe('asked for 2 x 1 from 1, 0, its shape is 2 x 3.')
  expect((await problemOf(() => file.read('/g'))).message).toBe('expected a data set, got a group.')
  expect((await problemOf(() => file.read('/x'))).path).toBe(`${path}, /x`)
})

test('a failed fill reports how many elements are missing', async () => {
  const writer = await createHdf5(join(folder, 'short.h5'))
  let given = false
  const once = async (): Promise<Uint8Array | null> => (given ? null : ((given = true), new Uint8Array(4)))
  await expect(writer.blocks('/p', [3, 2, 2, 1], once)).rejects.toThrow('/p: 1 of 3 elements were given')
  writer.close()
})

test('blocks are compressed where that saves much of them, and read back alike', async () => {
  const rng = createRng(1)
  const noise = Uint8Array.from({ length: 40_000 }, () => rng.int(256))
  const flat = new Uint8Array(40_000).fill(7)
  const sizes = []
  for (const [name, pixels] of Object.entries({ noise, flat })) {
    const path = join(folder, `${name}.h5`)
    const writer = await createHdf5(path)
    const halves = [pixels.subarray(0, 20_000), pixels.subarray(20_000)]
    await writer.blocks('/p', [4, 100, 100, 1], () => Promise.resolve(halves.shift() ?? null))
    writer.close()
    const file = await openHdf5(path)
    expect(file.read('/p')).toEqual(pixels)
    file.close()
    sizes.push(statSync(path).size)
  }
  const [plain = 0, packed = 0] = sizes
  expect(plain).toBeGreaterThan(40_000)
  expect(packed).toBeLessThan(20_000)
})

test('reads the sample files of other writers', async ({ skip }) => {
  const shared = sharedPath('data/hdf5-samples')
  if (!shared) return skip('the real data are not beside this checkout')
  const open = (name: string): ReturnType<typeof openHdf5> => openHdf5(join(shared, name))
  const types = await open('pyfive/dataset_datatypes.hdf5')
  for (const name of ['float32', 'float64', 'int08', 'int16', 'int32', 'int64', 'uint64'])
    expect(types.read(`/${name}_big`), name).toEqual(types.read(`/${name}_little`))
  expect([...types.read('/int64_big')]).toEqual([0, -1, -2, -3])
  const compressed = await open('pyfive/compressed_v1.hdf5')
  expect(compressed.dataset('/temperature')).toMatchObject({
    shape: [816852],
    kind: 'float',
    bytesPerElement: 4,
  })
  expect(compressed.read('/temperature', [[0, 2]])).toEqual(Float32Array.of(73.15625, 73.15625))
  const matlab = await open('mat-v7.3/testfile1.mat')
  expect(matlab.read('/data/arr_two_three')).toEqual(Float64Array.of(1, 3, 5, 2, 4, 6))
  expect(matlab.read('/secondvar')).toEqual(Float64Array.of(1, 2, 3, 4))
  expect(String.fromCharCode(...(matlab.read('/data/arr_char') as Uint16Array))).toBe('test')
  const nwb = await open('nwb/2.2.0_subject_no_age__reference.nwb')
  expect(nwb.read('/general/subject/subject_id')).toEqual(['RAT123'])
  expect(nwb.attribute('/', 'nwb_version')).toBe('2.5.0')
})

/** Written by h5py 3.14.0: h5py.Empty('f4'), a float32 data set of 6 that nothing was written to, and booleans. */
test('what was never stored reads as nothing or as zeros, not as what lies in memory', async () => {
  const file = await openHdf5(join(import.meta.dirname, '../../../../../fixtures/hdf5/without-values.h5'))
  expect(file.dataset('/no_space').shape).toEqual([0])
  expect(file.read('/no_space')).toHaveLength(0)
  expect(file.read('/unwritten')).toEqual(new Float32Array(6))
  expect(file.dataset('/flags').isBoolean).toBe(true)
  expect([...file.read('/flags')]).toEqual([1, 0])
})
