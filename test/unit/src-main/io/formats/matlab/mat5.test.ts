import { expect, test } from 'vitest'
import { bytesSource } from '../../../../../../src-main/io/formats/base/byte-source.ts'
import { readMat5From } from '../../../../../../src-main/io/formats/matlab/mat5.ts'
import { toRowMajor } from '../../../../../../src-main/io/formats/numpy/row-major.ts'
import { readMat5Variables } from '../../../../../../src-main/io/formats/matlab/mat5-variables.ts'
import { numpyFiles } from '../../../../../support/numpy-files.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { encodeMat5 } from '../../../../../support/recordings/mat5-writer.ts'

const file = (name: string): Uint8Array => numpyFiles.mat5.get(name) ?? new Uint8Array(0)
const failure = async (bytes: Uint8Array, names = ['X']): Promise<string> => {
  const { path, message } = await problemOf(() => readMat5From(bytesSource('m.mat', bytes), names))
  return `${path}: ${message}`
}

test.each(['plain', 'compressed'])('reads the arrays of a %s file that SciPy wrote', (name) => {
  const arrays = readMat5From(bytesSource('m.mat', file(name)), ['X', 'y'])
  const x = arrays.get('X')
  expect(x?.shape).toEqual([2, 2, 3, 2])
  expect([...toRowMajor(x?.columnMajor ?? new Uint8Array(0), [2, 2, 3, 2])]).toEqual(
    Array.from({ length: 24 }, (_, i) => i),
  )
  expect([...(arrays.get('y')?.columnMajor ?? [])]).toEqual([10, 1])
})

test('says what is missing or damaged', async () => {
  expect(await failure(file('plain'), ['labels'])).toBe('m.mat: has no numeric array named "labels".')
  expect(await failure(file('plain'), ['note'])).toBe('m.mat, note: is not an array of real numbers.')
  expect(await failure(file('plain').subarray(0, 200))).toContain('does not fit into the file')
  expect(await failure(new Uint8Array(200))).toBe('m.mat, byte 126: not a MATLAB v5 file.')
  const broken = file('compressed').slice()
  broken.fill(7, 150, 170)
  expect(await failure(broken)).toContain('a compressed element is damaged')
})

/** Codes of the text as UTF-16, and the bytes of its UTF-8. */
const units = (text: string): number[] => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
const bytes = (text: string): number[] => [...Buffer.from(text)]

test.each([
  // MATLAB -v6 under a locale of UTF-8, as MAT.jl's test/v6/string.mat: the two bytes of a character in one number.
  ['uint16, two bytes a number', 4, Uint16Array.of(0x74, 0x68, 0xc3a9, 0x20, 0xc3bc, 0xc3b1), 'thé üñ'],
  ['uint16, one byte of UTF-8 a number', 4, Uint16Array.from(bytes('thé ü €')), 'thé ü €'],
  ['uint16, Latin-1', 4, Uint16Array.of(0x74, 0x68, 0xe9, 0x20, 0xfc), 'thé ü'],
  ['uint16, UTF-16', 4, Uint16Array.from(units('안녕 Ω 😀')), '안녕 Ω 😀'],
  ['uint8, UTF-8', 2, Uint8Array.from(bytes('naïve')), 'naïve'],
  ['int8, UTF-8', 1, Int8Array.from(bytes('naïve')), 'naïve'],
  ['int8, Latin-1', 1, Int8Array.of(0x61, 0xe9 - 256), 'aé'],
  ['UTF-16', 17, Uint16Array.from(units('é𝄞')), 'é𝄞'],
  ['UTF-32', 18, Uint32Array.of(0xe9, 0x1d11e, 0xffffffff), 'é𝄞\ufffd'],
])('text stored as %s', (_, storedAs, codes, text) => {
  const file = encodeMat5({ name: { shape: [1, codes.length], storedAs, codes } })
  expect(readMat5Variables(bytesSource('m.mat', file))).toMatchObject([{ kind: 'text', rows: [text] }])
})

test('rows of a char matrix are decoded one by one', () => {
  const columns = ['b', 'u', '\u00c3', 'n', '\u00a9', ' '].map((char) => char.charCodeAt(0)) // "bÃ©" and "un "
  const codes = Uint16Array.from(columns)
  const file = encodeMat5({ names: { shape: [2, 3], storedAs: 4, codes } })
  expect(readMat5Variables(bytesSource('m.mat', file))).toMatchObject([{ rows: ['bé', 'un'] }])
})
