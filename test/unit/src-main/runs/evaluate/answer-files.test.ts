import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { requireNewFile } from '../../../../../src-main/runs/evaluate/new-file.ts'
import type { AnswerTable } from '../../../../../src-main/runs/evaluate/write-answers.ts'
import { writeAnswers } from '../../../../../src-main/runs/evaluate/write-answers.ts'
import { openHdf5 } from '../../../../../src-main/io/formats/hdf5/hdf5.ts'
import { decodeNpy } from '../../../../../src-main/io/formats/numpy/npy.ts'
import { openTree } from '../../../../../src-main/io/formats/zip/file-tree.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()

const images = ['a.png', 'ö, "b".png', '=c.png']
const tables: AnswerTable[] = [
  { name: 'v1/s1/responses', columns: ['u1', 'u2'], values: Float32Array.of(0.5, 1, NaN, -2, 3, 4.25) },
  { name: 'img_classification/probabilities', columns: ['cat'], values: Float32Array.of(1, 0, 0.125) },
]

describe('answers', () => {
  it('go into a table with one row for each image, safe for spreadsheets', async () => {
    const path = join(root, 'answers.CSV')
    await writeAnswers(path, images, tables)
    expect(readFileSync(path, 'utf8').split('\r\n')).toEqual([
      'image,v1/s1/u1,v1/s1/u2,img_classification/cat',
      'a.png,0.5,1,1',
      '"ö, ""b"".png",NaN,-2,0',
      "'=c.png,3,4.25,0.125",
      '',
    ])
  })

  it('go into arrays of NumPy with the names of rows and columns', async () => {
    const path = join(root, 'answers.npz')
    await writeAnswers(path, images, tables)
    const tree = openTree(path)
    const read = (name: string) => {
      const { shape, values } = decodeNpy(tree.read(`${name}.npy`), name)
      return [shape, Array.from<unknown>(values)]
    }
    expect(tree.files).toHaveLength(5)
    expect(read('images')).toEqual([[3], images])
    expect(read('v1/s1/responses')).toEqual([
      [3, 2],
      [0.5, 1, NaN, -2, 3, 4.25],
    ])
    expect(read('v1/s1/names')).toEqual([[2], ['u1', 'u2']])
    expect(read('img_classification/probabilities')).toEqual([
      [3, 1],
      [1, 0, 0.125],
    ])
    expect(read('img_classification/names')).toEqual([[1], ['cat']])
    tree.close()
  })

  it('go into groups of HDF5', async () => {
    const path = join(root, 'answers.h5')
    await writeAnswers(path, images, tables)
    const file = await openHdf5(path)
    expect(file.read('/images')).toEqual(images)
    expect(file.read('/v1/s1/names')).toEqual(['u1', 'u2'])
    expect(file.dataset('/v1/s1/responses').shape).toEqual([3, 2])
    expect(file.read('/v1/s1/responses')).toEqual(Float32Array.of(0.5, 1, NaN, -2, 3, 4.25))
    file.close()
  })
})

describe('a file for answers', () => {
  it('is new, lies in a folder that exists, and ends as one of the formats does', async () => {
    writeFileSync(join(root, 'there.csv'), 'kept')
    mkdirSync(join(root, 'folder.csv'))
    const codeOf = async (name: string) => (await problemOf(() => requireNewFile(join(root, name)))).code
    expect(await codeOf('there.csv')).toBe('not-allowed')
    expect(await codeOf('folder.csv')).toBe('not-allowed')
    expect(await codeOf('no/folder.csv')).toBe('file-missing')
    expect(await codeOf('answers.txt')).toBe('config-invalid')
    expect(await codeOf('answers.csv.bak')).toBe('config-invalid')
    for (const name of ['new.csv', 'new.NPZ', 'new.h5'])
      expect(() => requireNewFile(join(root, name))).not.toThrow()
    expect(readFileSync(join(root, 'there.csv'), 'utf8')).toBe('kept')
  })
})
