import { expect, test } from 'vitest'
import { bytesSource } from '../../../../../src-main/io/formats/byte-source.ts'
import { readMat5From } from '../../../../../src-main/io/formats/mat5.ts'
import { toRowMajor } from '../../../../../src-main/io/formats/row-major.ts'
import { numpyFiles } from '../../../../support/numpy-files.ts'
import { problemOf } from '../../../../support/problem-of.ts'

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
