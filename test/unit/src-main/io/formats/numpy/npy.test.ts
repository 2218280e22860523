import { expect, test } from 'vitest'
import { bytesSource } from '../../../../../../src-main/io/formats/base/byte-source.ts'
import {
  decodeNpy,
  readNpy,
  readNpyHeader,
  readNpyRows,
} from '../../../../../../src-main/io/formats/numpy/npy.ts'
import { encodeNpy } from '../../../../../../src-main/io/formats/numpy/npy-write.ts'
import { numpyFiles } from '../../../../../support/numpy-files.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { sharedPath } from '../../../../../support/shared-data.ts'

const file = (name: string): Uint8Array => numpyFiles.npy.get(name) ?? new Uint8Array(0)
const read = (name: string): unknown[] => {
  const { shape, values } = decodeNpy(file(name), name)
  return [[...shape], [...values]]
}
const withHeader = (header: string, data = new Uint8Array(8)): Uint8Array =>
  Buffer.concat([Buffer.from([0x93, 78, 85, 77, 80, 89, 1, 0, header.length, 0]), Buffer.from(header), data])
const failure = async (bytes: Uint8Array): Promise<string> => {
  const { code, path, message } = await problemOf(() => decodeNpy(bytes, 'a.npy'))
  return `${code} ${path}: ${message}`
}

test('reads every element type NumPy wrote', () => {
  expect(read('f4')).toEqual([
    [2, 3],
    [0, 1, 2, 3, 4, 5],
  ])
  expect(read('f8_be')).toEqual([[3], [0, 1, 2]])
  expect(read('i2_be')).toEqual([[2], [1, -2]])
  expect(read('i8')).toEqual([
    [2, 1],
    [1, -3],
  ])
  expect(read('half')).toEqual([[2], [1, -2.5]])
  expect(read('bool')).toEqual([[2], [1, 0]])
  expect(read('text')).toEqual([[2], ['train', 'tëst']])
  expect(read('text_be')).toEqual([[2], ['ab', 'c']])
  expect(read('bytes')).toEqual([[2], ['ab', 'c']])
  expect(read('zero_d')).toEqual([[], [2.5]])
  expect(read('empty')).toEqual([[0, 3], []])
})

test('Fortran order comes back in row-major order', () => {
  expect(read('fortran')).toEqual([[2, 3, 4], Array.from({ length: 24 }, (_, i) => i)])
})

test('rows are read from their place in the file', () => {
  const source = bytesSource('a', file('f4'))
  const header = readNpyHeader(source)
  expect([...readNpyRows(source, header, 1, 1)]).toEqual([3, 4, 5])
  expect(() => readNpyRows(source, header, 1, 2)).toThrow('rows 1 to 3 were asked for, there are 2')
  const fortran = bytesSource('a', file('fortran'))
  expect([...readNpyRows(fortran, readNpyHeader(fortran), 1, 1)]).toEqual(
    Array.from({ length: 12 }, (_, i) => 12 + i),
  )
})

test('writes what it reads', () => {
  for (const name of ['f4', 'half', 'text', 'zero_d', 'empty', 'i2_be']) {
    const { shape, values } = decodeNpy(file(name), name)
    expect(decodeNpy(encodeNpy(values, shape), 'again')).toMatchObject({ shape, values })
  }
  expect(
    Buffer.from(encodeNpy(Float32Array.of(0, 1, 2, 3, 4, 5), [2, 3])).equals(Buffer.from(file('f4'))),
  ).toBe(true)
})

test('objects are refused, records and complex numbers named', async () => {
  expect(await failure(file('object'))).toBe(
    'file-refused a.npy, byte 10: holds Python objects, which are never read.',
  )
  expect(await failure(file('record'))).toContain('holds records, expected plain numbers.')
  expect(await failure(file('complex'))).toContain('element type "<c8" is not supported.')
})

test('a header that promises more than the file holds is an error before memory is reserved', async () => {
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000,), }"
  expect(await failure(withHeader(header))).toBe(
    `file-invalid a.npy, byte ${18 + header.length}: shape (1000000000) needs 8000000000 bytes of values, the file has 8.`,
  )
  const absurd = header.replace('1000000000', '99999999999999999999')
  expect(await failure(withHeader(absurd))).toContain('is beyond all limits')
  expect(await failure(file('f4').subarray(0, 140))).toContain(
    'shape (2, 3) needs 24 bytes of values, the file has 12.',
  )
})

test('foreign and damaged headers are named by byte', async () => {
  expect(await failure(Buffer.from('PK\x03\x04aaaaaaaa'))).toBe(
    'file-invalid a.npy, byte 0: not a .npy file.',
  )
  expect(await failure(withHeader('{}'))).toBe('file-invalid a.npy, byte 10: the header does not parse.')
  const later = file('f4').slice()
  later[6] = 9
  expect(await failure(later)).toContain('byte 6: version 9 of the format is not known.')
  const long = Buffer.from([0x93, 78, 85, 77, 80, 89, 2, 0, 255, 255, 255, 255, 0, 0])
  expect(await failure(long)).toContain('byte 8: the header claims 4294967295 bytes')
})

test('reads the arrays beside the checkout with their stated shapes', ({ skip }) => {
  const folder = sharedPath('data')
  if (!folder) return skip('the real data are not beside this checkout')
  const shapeOf = (name: string): string => readNpy(`${folder}/${name}`).shape.join(' x ')
  expect(shapeOf('v4_cowley2023/responses_raw/responses_210325.npy')).toBe('50 x 640 x 10')
  expect(shapeOf('mouse_v1_antolik2016/region1/raw_validation_set.npy')).toBe('10 x 50 x 103')
  expect(shapeOf('macaque_v1_tang/neurons/neu75.npy')).toBe('9500 x 1')
  expect(shapeOf('macaque_v1_tang/stimuli_center40_uint8.npy')).toBe('9500 x 40 x 40')
})
