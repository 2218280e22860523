import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeNpy } from '../../../../../src-main/io/formats/numpy/npy-write.ts'
import { decodeText } from '../../../../../src-main/io/formats/base/text-encoding.ts'
import { openArrays } from '../../../../../src-main/io/importers/mapped/array-source.ts'
import { parseCsv } from '../../../../../src-main/io/importers/layouts/csv.ts'
import { findSessions } from '../../../../../src-main/io/importers/layouts/found-sessions.ts'
import { detectImporter, findImporter } from '../../../../../src-main/io/importers/registry.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { writeTree } from '../../../../support/sample-images.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()

/** Elements of a MATLAB v5 file, as its format description lays them out. */
function element(type: number, data: Uint8Array): Buffer {
  const tag = Buffer.alloc(8)
  tag.writeUInt32LE(type, 0)
  tag.writeUInt32LE(data.length, 4)
  return Buffer.concat([tag, data, Buffer.alloc((8 - (data.length % 8)) % 8)])
}
const bytesOf = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

function matrix(kind: number, shape: number[], name: string, ...content: Buffer[]): Buffer {
  const flags = element(6, bytesOf(Uint32Array.of(kind, 0)))
  const dims = element(5, bytesOf(Int32Array.from(shape)))
  return element(14, Buffer.concat([flags, dims, element(1, Buffer.from(name)), ...content]))
}
const doubles = (name: string, shape: number[], values: number[]): Buffer =>
  matrix(6, shape, name, element(9, bytesOf(Float64Array.from(values))))

function mat5File(name: string, ...matrices: Buffer[]): string {
  const header = Buffer.alloc(128, ' ')
  header.write('MATLAB 5.0 MAT-file')
  header.writeUInt16LE(0x0100, 124)
  header.write('IM', 126)
  writeFileSync(join(root, name), Buffer.concat([header, ...matrices]))
  return join(root, name)
}

describe('MATLAB files of version 5', () => {
  test('numbers, logicals, text, cells and empty arrays are read with the axes that MATLAB 7.3 has', async () => {
    const packed = deflateSync(doubles('packed', [1, 2], [7, 8]))
    const tag = Buffer.alloc(8)
    tag.writeUInt32LE(15, 0)
    tag.writeUInt32LE(packed.length, 4)
    const path = mat5File(
      'kinds.MAT',
      doubles('resp', [2, 3], [1, 2, 3, 4, 5, 6]),
      matrix(9 | 0x0200, [1, 2], 'isTest', element(2, Uint8Array.of(0, 1))),
      matrix(4, [1, 2], 'area', element(4, bytesOf(Uint16Array.of(86, 52)))),
      matrix(1, [1, 2], 'units', doubles('', [3, 1], [1, 2, 3]), doubles('', [3, 1], [4, 5, 6])),
      matrix(1, [1, 2], 'ragged', doubles('', [3, 1], [1, 2, 3]), doubles('', [2, 1], [4, 5])),
      matrix(6, [0, 0], 'empty', element(9, new Uint8Array(0))),
      matrix(2, [1, 1], 'info', element(5, bytesOf(Int32Array.of(1)))),
      Buffer.concat([tag, packed]),
    )
    const source = await openArrays(path)
    expect(source.list().map(({ path: at, shape, type }) => `${at} ${type} ${shape.join('x')}`)).toEqual([
      '/resp float64 3x2',
      '/isTest bool 2x1',
      '/area text 1',
      '/units cell array 2x1',
      '/ragged cell array 2x1',
      '/empty float64 0x0',
      '/info other 1x1',
      '/packed float64 2x1',
    ])
    const read = (name: string): unknown[] => {
      const { shape, values } = source.read(name)
      return [[...shape], [...values]]
    }
    expect(read('resp')).toEqual([
      [3, 2],
      [1, 2, 3, 4, 5, 6],
    ])
    expect(read('/units')).toEqual([
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    ])
    expect(read('/area')).toEqual([[1], ['V4']])
    expect(read('/packed')).toEqual([
      [2, 1],
      [7, 8],
    ])
    expect((await problemOf(() => source.read('/ragged'))).message).toMatch(/cells differ/)
    expect((await problemOf(() => source.read('/info'))).message).toMatch(/a struct/)
    expect(source.read('/isTest')).toMatchObject({ isBoolean: true })
  })
})

describe('tables', () => {
  const text = 'image;unit_a\nim0.png;1,5\nim1.png;-0,25\n'
  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-16 with its mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('%s with semicolons and decimal commas', (_, bytes) => {
    expect(parseCsv(decodeText(bytes, 'r.csv'), 'r.csv')).toEqual({
      columns: ['image', 'unit_a'],
      rows: [
        ['im0.png', '1.5'],
        ['im1.png', '-0.25'],
      ],
    })
  })

  test('what can be read in two ways is refused', async () => {
    const thousands = await problemOf(() => parseCsv('image;unit_a\na;1,500\nb;2,250\n', 'r.csv'))
    expect(thousands.message).toMatch(/may be a decimal number or thousands/)
    const mixed = await problemOf(() => parseCsv('image;unit_a\na;1,5\nb;2.5\n', 'r.csv'))
    expect(mixed.message).toMatch(/has a decimal comma and "2.5" a point/)
    const latin = await problemOf(() => decodeText(Buffer.from('caf\xe9;1', 'latin1'), 'r.csv'))
    expect(latin).toMatchObject({ path: 'r.csv', message: 'is not written in UTF-8.' })
  })
})

test('endings are told in any case', () => {
  const names = ['UP.NWB', 'X.NPZ', 'a.HDF5', 'a.hdf', 'a.nc', 'a.MAT', 'RESP.CSV']
  writeTree(root, Object.fromEntries(names.map((name) => [name, ''])))
  expect(names.map((name) => detectImporter(join(root, name)))).toEqual([
    'nwb',
    'arrays',
    'static-hdf5',
    'static-hdf5',
    'static-hdf5',
    'arrays',
    'csv-folder',
  ])
})

test.each([
  ['one array of images', ['images.npy', 'responses.npy'], 'images.npy', ['responses.npy']],
  [
    'an array of images called pictures',
    ['pictures.npy', 'responses.npy'],
    'pictures.npy',
    ['responses.npy'],
  ],
  ['in capitals', ['IMAGES.NPY', 'Responses.NPY'], 'IMAGES.NPY', ['Responses.NPY']],
  ['a flat folder', ['images/0.png', 'images/1.png', 'responses.npy'], 'images', ['responses.npy']],
  ['flat beside the responses', ['0.png', '1.png', 'responses.npy'], '', ['responses.npy']],
  ['a zip', ['stimuli.zip', 'responses.npy'], 'stimuli.zip', ['responses.npy']],
  [
    'an array and a file a unit',
    ['stimuli.npy', 'neurons/7.npy', 'neurons/30.npy'],
    'stimuli.npy',
    ['neurons/7.npy', 'neurons/30.npy'],
  ],
])('images with responses: %s', (name, files, images, responses) => {
  const path = join(root, name)
  writeTree(path, Object.fromEntries(files.map((file) => [file, ''])))
  expect(detectImporter(path)).toBe('images-and-responses')
  expect(findSessions(path)).toEqual([
    { key: name, images: join(path, images), responses: responses.map((file) => join(path, file)) },
  ])
})

/** A FileTree whose images are those of their ids and whose responses have another name. */
function recording(
  folder: string,
  ids: readonly number[],
  units: number,
): Record<string, Uint8Array | string> {
  const files = ids.flatMap((id, trial) => [
    [`${folder}/data/images/${trial}.npy`, encodeNpy(new Uint8Array(4).fill(id), [1, 2, 2])] as const,
    [`${folder}/data/spikes/${trial}.npy`, encodeNpy(new Float32Array(units).fill(trial), [units])] as const,
  ])
  return {
    ...Object.fromEntries(files),
    [`${folder}/data/eye_video.npy`]: encodeNpy(new Float32Array(ids.length), [ids.length]),
    [`${folder}/config.json`]: JSON.stringify({ links: { responses: 'spikes' } }),
    [`${folder}/meta/trials/tiers.npy`]: encodeNpy(
      Uint8Array.from(ids, () => 1),
      [ids.length],
    ),
    [`${folder}/meta/trials/frame_image_id.npy`]: encodeNpy(Int32Array.from(ids), [ids.length]),
  }
}

test('several Sensorium mice in one folder are one set, with the links of each', async () => {
  const path = join(root, 'mice')
  writeTree(path, {
    ...recording('static1-0-GrayImageNet', [7, 8, 7], 3),
    ...recording('static2-1-GrayImageNet', [8, 9], 4),
    'notes/a.txt': 'x',
  })
  expect(detectImporter(path)).toBe('filetree')
  const { sessions, images, left } = await findImporter('filetree').read(
    path,
    { tiers: { 1: 'train' } },
    root,
  )
  expect([...images.id]).toEqual([7, 8, 9])
  expect(sessions.map(({ key, units, trials }) => [key, units.id.length, [...trials.imageId]])).toEqual([
    ['1-0', 3, [7, 8, 7]],
    ['2-1', 4, [8, 9]],
  ])
  expect([...(sessions[1]?.responses ?? [])]).toEqual([0, 0, 0, 0, 1, 1, 1, 1])
  expect(left?.map(({ kind, name }) => [kind, name])).toEqual([
    ['folder', 'notes'],
    ['array', '1-0/data/eye_video'],
    ['array', '2-1/data/eye_video'],
  ])
})

const cases = sharedPath('cases')
test.skipIf(cases === null)('the reported mice are three sessions', async () => {
  const path = join(cases ?? '', 'parts-left-out', 'mice')
  const { sessions } = await findImporter('filetree').read(path, { area: 'v1' }, root)
  expect(sessions.map(({ key, units, trials }) => [key, trials.imageId.length, units.id.length])).toEqual([
    ['1-0', 8, 3],
    ['2-1', 6, 4],
    ['3-2', 5, 5],
  ])
})

test.skipIf(cases === null)('the reported MATLAB files hold equal responses', async () => {
  const at = (name: string): string => join(cases ?? '', 'files-of-other-programs', name)
  const [v5, cell] = [await openArrays(at('v5.mat')), await openArrays(at('cell73.mat'))]
  const [a, b] = [v5.read('/resp'), cell.read('/resp')]
  expect([a.shape, b.shape]).toEqual([
    [4, 24],
    [4, 24],
  ])
  expect(Float32Array.from(a.values as Float64Array)).toEqual(Float32Array.from(b.values as Float64Array))
  cell.close()
})
