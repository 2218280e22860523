import { join } from 'node:path'
import { expect, it } from 'vitest'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { openFindings, usedSets, usesSet } from '../../../../../src-main/data/places/used-sets.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import { writeTinyMnist } from '../../../../support/tiny-mnist.ts'

const set = {
  id: 'abcdef0123456789',
  aliases: ['also'],
  name: 'cells',
  path: '/home/datasets/a.h5',
  origin: '/lab/cells.nwb',
}
const names = (config: Record<string, unknown>): boolean => usesSet({ config }, '/lab', set)

it('finds a set in a config by name, fingerprint or place, at any depth', () => {
  expect(names({ dataset: 'cells' })).toBe(true)
  expect(names({ v1_dataset_dict: { dataset: 'abcdef0123' } })).toBe(true)
  expect(names({ img_dataset_dict: { data_dir: 'cells.nwb' } })).toBe(true)
  expect(names({ dataset: 'abc', data_set: '', session_name: 'cells' })).toBe(false)
})

it('carries findings and reasons of a set along, and names open ones of weight', async () => {
  const root = temporaryFolder()
  const place = { home: join(root, 'home'), folder: root }
  writeTinyMnist(join(root, 'digits'), 20, 10)
  await dataLibrary.add(place, { path: 'digits' })
  const choice = { fn: 'img_loader', config: { dataset_cls: 'library', data_set: 'digits' } }
  const [used] = await usedSets(choice, root, place.home)
  expect(used).toMatchObject({ name: 'digits' })
  expect(await usedSets({ ...choice, config: { data_set: 'others' } }, root, place.home)).toEqual([])

  const finding = { key: 'a', severity: 'error' as const, message: 'Leak.' }
  const note = { key: 'b', severity: 'info' as const, message: 'Small.' }
  const of = (
    ...findings: { key: string; severity: 'error' | 'info'; message: string; ignored?: string }[]
  ) => openFindings([{ id: 'x', name: 'digits', findings }])
  expect(of(note)).toEqual([])
  expect(of(note, finding)[0]).toContain('Data set digits: Leak.')
  expect(of({ ...finding, ignored: 'known' })).toEqual([])
})
