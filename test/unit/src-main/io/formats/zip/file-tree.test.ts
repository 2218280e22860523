import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import {
  type FileTree,
  foldersIn,
  openTree,
  subtree,
} from '../../../../../../src-main/io/formats/zip/file-tree.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { writeTree } from '../../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const at = (name: string): string => join(folder, name)
const names = (tree: FileTree): string[] => tree.files.map(({ name }) => name)
const content = { 'b/x.txt': '1', 'a/y.txt': '22', 'a/deep/z.txt': '333', 'top.txt': '4' }

test('a folder and its zip look alike; hidden files are skipped', () => {
  writeTree(at('set'), { ...content, '.hidden': 'x', '__MACOSX/a': 'x' })
  const members = Object.entries({ ...content, '__MACOSX/a': 'x', 'a/.DS_Store': 'x' }).map(
    ([name, text]) => [name, Buffer.from(text)],
  )
  writeFileSync(at('set.zip'), zipSync(Object.fromEntries(members)))
  for (const path of [at('set'), at('set.zip')]) {
    const tree = openTree(path)
    expect(names(tree)).toEqual(['a/deep/z.txt', 'a/y.txt', 'b/x.txt', 'top.txt'])
    expect(foldersIn(tree)).toEqual(['a', 'b'])
    expect(names(subtree(tree, 'a'))).toEqual(['deep/z.txt', 'y.txt'])
    expect(Buffer.from(subtree(tree, 'a').read('y.txt')).toString()).toBe('22')
    tree.close()
  }
})

test.runIf(process.platform !== 'win32')('links are followed inside the folder only', async () => {
  writeTree(at('links'), { 'real/x.txt': '1' })
  symlinkSync(at('links/real'), at('links/alias'))
  expect(names(openTree(at('links')))).toEqual(['alias/x.txt', 'real/x.txt'])
  symlinkSync(at('set'), at('links/out'))
  expect(await problemOf(() => openTree(at('links')))).toMatchObject({
    code: 'file-refused',
    path: at('links/out'),
    message: 'is a link that leads out of the folder.',
  })
  mkdirSync(at('loop'))
  symlinkSync(at('loop'), at('loop/again'))
  expect((await problemOf(() => openTree(at('loop')))).message).toBe('folders are nested more than 12 deep.')
  mkdirSync(at('dangling'))
  symlinkSync(at('nowhere'), at('dangling/x'))
  expect((await problemOf(() => openTree(at('dangling')))).message).toBe('is a link to nothing.')
})

test('a missing path is named', async () => {
  expect((await problemOf(() => openTree(at('none')))).path).toBe(at('none'))
})
