import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ArraySource, openArrays } from '../../../../../../src-main/io/importers/mapped/array-source.ts'
import { inspectData } from '../../../../../../src-main/data/library/inspect-data.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

/** What the fixtures are is told beside them. */
const fixture = (name: string): string => join(import.meta.dirname, '../../../../../fixtures/matlab', name)
const root = temporaryFolder()

const ARRAYS = {
  '/data/resp': [[3, 2], [1, 4, 2, 5, 3, 6], false],
  '/data/info/is_test': [[3, 1], [1, 0, 1], true],
  '/data/info/rig': [[1], ['rig 3'], false],
  '/names': [[2], ['left', 'right'], false],
  '/units/area': [[2], ['V1', 'V4'], false],
  '/units/depth': [[2], [100, 250], false],
  '/cells': [[2, 3], [1, 2, 3, 4, 5, 6], false],
  '/grid': [[3, 2, 2], [0, 0.5, 10, 0.5, 1, 0.5, 11, 0.5, 2, 0.5, 12, 0.5], false],
  '/labels': [[2], ['x', ''], false],
  '/empty': [[3, 0], [], false],
}

const read = (source: ArraySource, name: string): unknown => {
  const { shape, values, isBoolean } = source.read(name)
  return [[...shape], [...values], isBoolean]
}

test.each(['v5.mat', 'v73.mat'])('%s: structs, cells, text, logicals and empty arrays', async (name) => {
  const source = await openArrays(fixture(name))
  try {
    const types = new Map(source.list().map(({ path, type }) => [path, type]))
    expect([...types.keys()]).toEqual(expect.arrayContaining(Object.keys(ARRAYS)))
    expect(types.get('/data/info/is_test')).toBe('bool')
    expect(types.get('/names')).toBe('text')
    expect(types.get('/grid')).toBe('cell array')
    expect(types.get('/sparse')).toBe('other')
    for (const [path, right] of Object.entries(ARRAYS)) expect(read(source, path), path).toEqual(right)
    const sparse = await problemOf(() => source.read('/sparse'))
    expect(sparse.message).toBe('is a sparse matrix, which cannot be read.')
    expect(sparse.hint).toContain('full()')
    expect((await problemOf(() => source.read('/mixed'))).message).toBe(
      'is a cell array of text and numbers.',
    )
  } finally {
    source.close()
  }
})

test('a class of MATLAB whose numbers are places in its own tables is refused, never read as numbers', async () => {
  const source = await openArrays(fixture('v73.mat'))
  expect((await problemOf(() => source.read('/when'))).message).toBe(
    'is of the class datetime, which cannot be read.',
  )
  source.close()
})

test.each([
  ['old.mat', null, /MATLAB file of version 4/, /-v7\.3/],
  ['classic.nc', Buffer.from('CDF\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'), /netCDF-3/, /nccopy -k nc4/],
  ['offset.NC', Buffer.from('CDF\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'), /netCDF-3/, /nccopy -k nc4/],
  ['modis.hdf', Buffer.from([0x0e, 0x03, 0x13, 0x01, ...new Uint8Array(60)]), /HDF4/, /h4toh5/],
  ['packed.h5', Buffer.from([0x1f, 0x8b, 8, ...new Uint8Array(60)]), /gzip/, /gunzip/],
])('%s: the message names the kind of file and the way out', async (name, bytes, kind, wayOut) => {
  const path = bytes === null ? fixture('v4.mat') : join(root, name)
  if (bytes !== null) writeFileSync(path, bytes)
  const { problems } = await inspectData(path)
  expect(problems).toHaveLength(1)
  expect(problems[0]?.message).toMatch(kind)
  expect(problems[0]?.hint).toMatch(wayOut)
})
