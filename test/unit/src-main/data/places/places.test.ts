import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataPlaces, recordingPlace, withPlace } from '../../../../../src-main/data/places/data-places.ts'
import { moveToTrash, restoreFromTrash } from '../../../../../src-main/data/places/data-trash.ts'
import { imagePlaces, likelyImagePlace } from '../../../../../src-main/data/places/image-places.ts'
import { copiesHint } from '../../../../../src-main/data/places/known-copies.ts'
import { infoOf, withIgnored } from '../../../../../src-main/data/places/library-info.ts'
import type { DataRecord } from '../../../../../src-main/data/places/library-records.ts'
import {
  findIn,
  findRecord,
  readRecords,
  recordFile,
  writeRecord,
} from '../../../../../src-main/data/places/library-records.ts'
import { registered } from '../../../../../src-main/data/places/registered-set.ts'
import { homeLayout } from '../../../../../src-main/disk/home-layout.ts'
import { neuralLoader } from '../../../../../src-shared/schema/dataset/neural-loader.ts'
import { DEFAULT_IMAGE_DIR } from '../../../../../src-shared/schema/dataset/image-set-fields.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
let homes = 0
const newHome = (): string => join(root, `home-${homes++}`)

const idOf = (start: string): string => start.padEnd(64, '0')

function recordOf(change: Partial<DataRecord> = {}): DataRecord {
  return {
    ...{
      version: 1,
      id: idOf('abcdef0123'),
      name: 'cells',
      aliases: [],
      kind: 'neural',
      origin: '/lab/cells',
    },
    ...{ path: join(root, 'gone.h5'), formerly: [], addedAt: 1, bytes: 2, summary: '', facts: [] },
    ...{
      findings: [],
      checked: true,
      options: {},
      ignored: {},
      size: null,
      stated: {},
      rule: 2,
      manifest: [],
    },
    ...change,
  }
}

describe('a registered set', () => {
  const cells = recordOf({ aliases: ['neurons'] })
  const twin = recordOf({ id: idOf('abcdef0199'), name: 'twin' })

  it('is found by a name, or by ten letters of its fingerprint', () => {
    const found = (name: string) => findIn([cells, twin], name)?.name ?? null
    expect(['cells', 'neurons', 'abcdef0123', 'abcdef0199', idOf('abcdef0123')].map(found)).toEqual([
      'cells',
      'cells',
      'cells',
      'twin',
      'cells',
    ])
    expect(['abcdef01', 'Cells', '', 'abcdef0155'].map(found)).toEqual([null, null, null, null])
  })

  it('is found by its name before another one that has the name for a fingerprint', () => {
    const named = recordOf({ id: idOf('ffffffffff'), name: 'abcdef0123' })
    expect(findIn([cells, named], 'abcdef0123')).toBe(named)
  })

  it('is never taken where several have the name', async () => {
    const home = newHome()
    await writeRecord(cells, { home })
    await writeRecord({ ...twin, aliases: ['cells'] }, { home })
    expect(findIn(await readRecords({ home }), 'cells')).toBeNull()
    expect(await problemOf(() => findRecord('cells', { home }))).toMatchObject({
      code: 'data-missing',
      hint: 'Name one by its fingerprint.',
    })
  })

  it('that is not there is refused with the nearest name', async () => {
    const home = newHome()
    expect((await problemOf(() => findRecord('cels', { home }))).hint).toContain('None is registered yet')
    await writeRecord(cells, { home })
    expect((await problemOf(() => findRecord('cels', { home }))).hint).toBe('Did you mean "cells"?')
  })

  it('of the other kind, or without its files, is refused', async () => {
    const home = newHome()
    await writeRecord(cells, { home })
    expect((await problemOf(() => registered('cells', 'images', { home }))).message).toContain(
      'holds responses',
    )
    const gone = await problemOf(() => registered('cells', 'neural', { home }))
    expect(gone).toMatchObject({ code: 'data-missing', path: cells.path })
  })

  it('is read oldest first; a damaged record and a foreign file do not hide the others', async () => {
    const home = newHome()
    await writeRecord(recordOf({ id: idOf('b'), name: 'late', addedAt: 9 }), { home })
    await writeRecord(recordOf({ id: idOf('c'), name: 'early', addedAt: 3 }), { home })
    await writeRecord(recordOf({ id: idOf('a'), name: 'first', addedAt: 3 }), { home })
    writeFileSync(recordFile(home, idOf('d')), '{"version": 1, "id":')
    writeFileSync(recordFile(home, idOf('e')), JSON.stringify({ ...cells, version: 2 }))
    writeFileSync(join(homeLayout(home).datasets, 'notes.json'), '{}')
    expect((await readRecords({ home })).map(({ name }) => name)).toEqual(['first', 'early', 'late'])
  })

  it('goes to the trash with a data file of the library, and comes back; files of the user stay', async () => {
    const home = newHome()
    const path = join(homeLayout(home).datasets, `${cells.id}.h5`)
    const own = join(root, 'own.h5')
    await writeRecord({ ...cells, path }, { home })
    await writeRecord({ ...twin, path: own }, { home })
    for (const file of [path, own]) writeFileSync(file, 'responses')
    for (const record of await readRecords({ home })) await moveToTrash(record, { home })
    expect(await readRecords({ home })).toEqual([])
    expect([existsSync(path), existsSync(own)]).toEqual([false, true])
    expect(await restoreFromTrash(cells.id, { home })).toEqual({ ...cells, path })
    expect(existsSync(path)).toBe(true)
    const again = await problemOf(() => restoreFromTrash(cells.id, { home }))
    expect(again.code).toBe('not-found')
    expect((await problemOf(() => restoreFromTrash('../../settings', { home }))).code).toBe('not-found')
  })
})

describe('findings that are set aside', () => {
  const about = { severity: 'warning' as const, message: 'm', reason: 'r', fix: 'f' }
  const findings = [
    { ...about, code: 'dead-units', where: { session: 's1' } },
    { ...about, code: 'dead-units', where: { session: 's2' } },
    { ...about, code: 'blank-images' },
  ] as DataRecord['findings']
  const record = recordOf({ findings })

  it('are known by kind and place, and keep their reason until it is empty', () => {
    const aside = withIgnored(record, 'dead-units @ s2', ' known to be broken ', 5)
    const [first, second, third] = infoOf(aside).findings
    expect(second).toMatchObject({ key: 'dead-units @ s2', ignored: { reason: 'known to be broken', at: 5 } })
    expect([first?.ignored, third?.ignored, third?.key]).toEqual([undefined, undefined, 'blank-images'])
    expect(withIgnored(aside, 'dead-units @ s2', '  ', 6).ignored).toEqual({})
  })

  it('are refused where there is no such finding', async () => {
    const problem = await problemOf(() => withIgnored(record, 'dead-units', 'why', 5))
    expect(problem.hint).toBe('Findings: dead-units @ s1, dead-units @ s2, blank-images.')
  })
})

describe('the place of a recording', () => {
  const optionsOf = (config: Record<string, unknown>) => ({
    fn: 'neural_loader' as const,
    config: neuralLoader.schema.parse(config),
  })
  const placeOf = (config: Record<string, unknown>) => recordingPlace(optionsOf(config).config, '/lab')

  it('is a file, a folder, or a name; data that are made have none', () => {
    expect(placeOf({ dataset: 'a.H5' })).toEqual({ option: 'dataset', path: '/lab/a.H5' })
    expect(placeOf({ dataset: './cells' })).toEqual({ option: 'dataset', path: '/lab/cells' })
    expect(placeOf({ dataset: '/data/x.hdf5' })).toEqual({ option: 'dataset', path: '/data/x.hdf5' })
    expect(placeOf({ dataset: 'cells' })?.option).toBeNull()
    expect(placeOf({ dataset: 'in_silico' })).toBeNull()
  })

  it('can be changed, and is then the one that is found', () => {
    const choice = optionsOf({ dataset: './cells', target_types: ['v4'] })
    const where = { home: newHome(), folder: root }
    const [before] = dataPlaces(choice, where, [])
    expect(before).toMatchObject({ part: 'v4', option: 'dataset', set: null, present: false })
    writeFileSync(join(root, 'moved.h5'), '')
    const [after] = dataPlaces(withPlace(choice, before!, join(root, 'moved.h5')), where, [])
    expect(after).toMatchObject({ path: join(root, 'moved.h5'), present: true })
  })

  it('of a name is that of the set, present where its file is', () => {
    const choice = optionsOf({ dataset: 'cells' })
    const where = { home: newHome(), folder: root }
    expect(dataPlaces(choice, where, [])[0]).toMatchObject({ set: 'cells', path: 'cells', present: false })
    writeFileSync(join(root, 'there.h5'), '')
    const record = recordOf({ path: join(root, 'there.h5') })
    expect(dataPlaces(choice, where, [record])[0]).toMatchObject({ path: record.path, present: true })
    expect(dataPlaces(choice, where, [recordOf()])[0]).toMatchObject({ present: false })
  })
})

it('looks for images in the folder that is named, and elsewhere only where none is', () => {
  const home = newHome()
  const where = { home, folder: root }
  const own = join(homeLayout(home).images, 'CIFAR10')
  const free = { dataset_cls: 'CIFAR10', data_dir: DEFAULT_IMAGE_DIR } as const
  const wanted = { dataset_cls: 'CIFAR10', data_dir: 'mine' } as const
  expect(imagePlaces(wanted, where)).toMatchObject({
    named: [join(root, 'mine', 'CIFAR10'), join(root, 'mine')],
    isFree: false,
  })
  expect(imagePlaces({ ...wanted, data_dir: 'x/CIFAR10' }, where).named).toEqual([join(root, 'x/CIFAR10')])
  mkdirSync(join(root, 'mine'))
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'batch'), '')
  expect(likelyImagePlace(wanted, where)).toBeNull()
  writeFileSync(join(root, 'mine', 'batch'), '')
  expect(likelyImagePlace(wanted, where)).toBe(join(root, 'mine'))
  expect(likelyImagePlace(free, where)).toBe(own)
})

it('names known copies in one sentence', () => {
  expect(copiesHint([])).toEqual([])
  expect(
    copiesHint([
      { name: 'run abc', path: '/a' },
      { name: 'registered set "b"', path: '/b' },
    ]),
  ).toEqual(['Known copies: run abc in /a, registered set "b" in /b.'])
})
