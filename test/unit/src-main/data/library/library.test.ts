import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { generateInSilico } from '../../../../../src-main/engine/data/in-silico/generate.ts'
import { openCanonical } from '../../../../../src-main/io/canonical/read.ts'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { describeData } from '../../../../../src-main/data/assemble/build-data.ts'
import { inSilicoCanonical } from '../../../../../src-main/data/in-silico/in-silico-canonical.ts'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { dataPreview, dataSetInfo } from '../../../../../src-shared/contract/views.ts'
import { parseComponent } from '../../../../../src-shared/schema/component.ts'
import { generatorDefaults } from '../../../../../src-shared/schema/dataset/generator-fields.ts'
import { neuralLoader } from '../../../../../src-shared/schema/dataset/neural-loader.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import { writeTinyMnist } from '../../../../support/tiny-mnist.ts'

const root = temporaryFolder()
const place = { home: join(root, 'home'), folder: root }

beforeAll(async () => {
  writeTinyMnist(join(root, 'digits'))
  const options = {
    ...generatorDefaults({
      images: 'pink_noise',
      image_size: 32,
      n_neurons: 6,
      n_images: 40,
      n_test: 8,
      repeats: 4,
    }),
    seed: 3,
  }
  await writeCanonical(
    join(root, 'cells.h5'),
    inSilicoCanonical(await generateInSilico(options, null), options, 'v1'),
    '2024-01-01T00:00:00Z',
  )
})

describe('the data library', () => {
  it('recognises what lies at a path without importing it', async () => {
    expect(await dataLibrary.inspect(place, 'digits')).toMatchObject({
      kind: 'images',
      format: 'mnist',
      needsMapping: false,
      problems: [],
    })
    expect(await dataLibrary.inspect(place, 'cells.h5')).toMatchObject({
      kind: 'canonical',
      format: 'data file',
      problems: [],
    })
    mkdirSync(join(root, 'empty'))
    const unknown = await dataLibrary.inspect(place, 'empty')
    expect(unknown.problems[0]).toMatchObject({ code: 'file-invalid', path: join(root, 'empty') })
    expect((await dataLibrary.inspect(place, 'nowhere')).problems[0]).toMatchObject({ code: 'file-missing' })
    expect(existsSync(place.home)).toBe(false)
  })

  it('registers images where they are, with counts and class balance', async () => {
    const added = dataSetInfo.parse(await dataLibrary.add(place, { path: 'digits' }))
    expect(added).toMatchObject({
      name: 'digits',
      kind: 'images',
      present: true,
      origin: join(root, 'digits'),
    })
    const facts = Object.fromEntries(added.facts.map((f) => [f.label, f.value]))
    expect(facts).toMatchObject({
      Classes: '10',
      'Images, training': '200',
      'Images, test': '60',
      'Images per class, training': '20',
    })
  })

  it('takes a recording into its own folder under its content hash', async () => {
    const added = dataSetInfo.parse(await dataLibrary.add(place, { path: 'cells.h5', name: 'cells' }))
    expect(existsSync(join(place.home, 'datasets', `${added.id}.h5`))).toBe(true)
    expect(added.summary).toBe('V1: 1 session, 6 units, 72 trials, 48 images')
    const facts = Object.fromEntries(added.facts.map((f) => [f.label, f.value]))
    expect(facts['Trials, in_silico_v1']).toBe('72 (36 training, 4 validation, 32 test)')
    expect(readdirSync(join(place.home, 'datasets')).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('knows a set that is added twice and gives another one a name of its own', async () => {
    const again = await dataLibrary.add(place, { path: 'cells.h5', name: 'other name' })
    expect(again.name).toBe('cells')
    writeTinyMnist(join(root, 'more', 'digits'), 100, 20)
    expect((await dataLibrary.add(place, { path: 'more/digits' })).name).toBe('digits-2')
    expect((await dataLibrary.list(place)).map((s) => s.name)).toEqual(['digits', 'cells', 'digits-2'])
  })

  it('finds sets by name or fingerprint and says which there are', async () => {
    const cells = await dataLibrary.get(place, 'cells')
    expect((await dataLibrary.get(place, cells.id.slice(0, 10))).name).toBe('cells')
    const problem = await problemOf(() => dataLibrary.get(place, 'cels'))
    expect(problem).toMatchObject({ code: 'data-missing', path: 'cels', hint: 'Did you mean "cells"?' })
  })

  it('shows images, class counts and responses', async () => {
    const images = dataPreview.parse(await dataLibrary.preview(place, { id: 'digits', images: 4 }))
    expect(images.images.map((i) => [i.index, i.label])).toEqual([
      [0, '0'],
      [50, '0'],
      [100, '0'],
      [150, '0'],
    ])
    expect(images.images[0]?.png).toMatch(/^data:image\/png;base64,/)
    expect(images.classCounts).toHaveLength(10)
    const cells = dataPreview.parse(await dataLibrary.preview(place, { id: 'cells', images: 2 }))
    expect(cells.responseHistogram.reduce((n, bin) => n + bin.count, 0)).toBe(72 * 6)
  })

  it('lets a config name a set and fingerprints its content', async () => {
    const parsed = parseComponent(neuralLoader, { dataset: 'cells' }, 'dataset.config')
    if (!parsed.ok) throw new Error('the config is wrong')
    const deps = { ...place, now: () => 0, date: () => new Date(0) }
    const found = await describeData({ fn: 'neural_loader', config: parsed.value }, 1000, deps)
    const { id } = await dataLibrary.get(place, 'cells')
    expect(found.manifest.map((e) => e.name)).toEqual([`v1/${id}.h5`])
  })

  it('reports what changed by its name when it checks', async () => {
    expect(
      (await dataLibrary.check(place, 'digits-2')).findings.filter((f) => f.severity === 'error'),
    ).toEqual([])
    const path = join(root, 'more', 'digits', 'train-images-idx3-ubyte')
    const bytes = readFileSync(path)
    bytes[500] = (bytes[500] as number) ^ 255
    writeFileSync(path, bytes)
    const { findings } = await dataLibrary.check(place, 'digits-2')
    expect(findings.find((f) => f.code === 'data-changed')?.message).toContain('train images')
  })

  it('finds content that is added again under both names', async () => {
    const again = await dataLibrary.add(place, { path: 'digits', name: 'numerals' })
    expect(again.name).toBe('digits')
    expect((await dataLibrary.get(place, 'numerals')).id).toBe(again.id)
    expect(again.facts).toContainEqual({ label: 'Also called', value: 'numerals' })
  })

  it('exports a recording that comes back equal', async () => {
    const path = await dataLibrary.export(place, { id: 'cells', format: 'canonical', path: 'copy.h5' })
    const file = await openCanonical(path)
    expect(file.contentHash.replace('sha256:', '')).toBe((await dataLibrary.get(place, 'cells')).id)
    file.close()
    await dataLibrary.export(place, { id: 'digits', format: 'folder', path: 'images', part: 'test' })
    expect(readdirSync(join(root, 'images'))).toHaveLength(10)
  })

  it('sets a finding aside with its reason, and keeps that over the next check', async () => {
    const key = 'data-changed'
    const ignored = (set: Awaited<ReturnType<typeof dataLibrary.get>>) =>
      set.findings.find((f) => f.key === key)?.ignored?.reason
    expect(
      ignored(await dataLibrary.ignore(place, { id: 'digits-2', key, reason: ' made on purpose ' })),
    ).toBe('made on purpose')
    expect(ignored(await dataLibrary.check(place, 'digits-2'))).toBe('made on purpose')
    expect(ignored(await dataLibrary.ignore(place, { id: 'digits-2', key, reason: '' }))).toBeUndefined()
    const problem = await problemOf(() =>
      dataLibrary.ignore(place, { id: 'digits-2', key: 'no such thing', reason: 'x' }),
    )
    expect(problem.code).toBe('not-found')
  })

  it('pages through the images of one class, and of a session by strength of response', async () => {
    const page = await dataLibrary.preview(place, {
      id: 'digits',
      images: 3,
      label: '4',
      order: 'file',
      from: 3,
    })
    expect(page).toMatchObject({ total: 20, part: 'train', parts: ['train', 'test'] })
    expect(page.images.map((i) => i.label)).toEqual(['4', '4', '4'])
    const strong = await dataLibrary.preview(place, {
      id: 'cells',
      images: 48,
      order: 'strongest',
      unit: '2',
    })
    const responses = strong.images.map((i) => i.response ?? NaN)
    expect(responses).toEqual([...responses].sort((a, b) => b - a))
    const exact = await dataLibrary.preview(place, { id: 'cells', at: [7, 3] })
    expect(exact.images.map((i) => i.index)).toEqual([7, 3])
  })

  it('gives one row per unit with reliability, and the responses of one of them', async () => {
    const [table] = await dataLibrary.neurons(place, 'cells')
    expect(table?.units).toHaveLength(6)
    for (const column of ['fano', 'oracle', 'snr', 'explainable_variance', 'variance', 'trials'])
      expect(table?.columns[column]).toHaveLength(6)
    const session = table?.session ?? ''
    const one = await dataLibrary.responses(place, { id: 'cells', session, unit: table?.units[0] ?? '' })
    expect(one.bins.reduce((n, bin) => n + bin.count, 0)).toBe(one.count)
    expect(one).toMatchObject({ count: 72, missing: 0 })
  })

  it("forgets a set without touching the user's files", async () => {
    const { id } = await dataLibrary.get(place, 'cells')
    await dataLibrary.remove(place, 'cells')
    await dataLibrary.remove(place, 'digits')
    expect(existsSync(join(place.home, 'datasets', `${id}.h5`))).toBe(false)
    expect(existsSync(join(root, 'cells.h5'))).toBe(true)
    expect(existsSync(join(root, 'digits', 'train-images-idx3-ubyte'))).toBe(true)
    expect((await dataLibrary.list(place)).map((s) => s.name)).toEqual(['digits-2'])
  })

  it('brings a removed set back as it was', async () => {
    const { id } = await dataLibrary.add(place, { path: 'cells.h5', name: 'once more' })
    const before = await dataLibrary.get(place, id)
    await dataLibrary.remove(place, id)
    expect(await dataLibrary.restore(place, id)).toEqual(before)
    expect((await dataLibrary.neurons(place, id))[0]?.units).toHaveLength(6)
    await dataLibrary.remove(place, id)
    expect((await problemOf(() => dataLibrary.restore(place, '0'.repeat(64)))).code).toBe('not-found')
  })

  it('shows what a mapping makes of a file before it is added, and adds what was shown', async () => {
    await dataLibrary.add(place, { path: 'cells.h5', name: 'cells' })
    await dataLibrary.export(place, { id: 'cells', format: 'npz', path: 'arrays.npz' })
    const { tree } = await dataLibrary.inspect(place, 'arrays.npz')
    const arrays = (tree as { path: string; shape: number[] }[]).filter((a) => a.shape.length === 2)
    const responses = arrays.find((a) => a.shape[1] === 6)?.path ?? ''
    const ids = (tree as { path: string; shape: number[] }[]).find((a) => /image_id/.test(a.path))?.path ?? ''
    const images = (tree as { path: string; shape: number[] }[]).find((a) => a.shape.length > 2)
    const mapping = {
      images: { array: images?.path, axes: 'ihwc'.slice(0, images?.shape.length) },
      sessions: [{ key: 's', parts: [{ array: responses, axes: 'tu', imageIds: ids }] }],
    }
    const look = await dataLibrary.look(place, { path: 'arrays.npz', mapping })
    expect(look.sessions).toMatchObject([{ session: 's', units: 6, trials: 72 }])
    expect(look.images).toHaveLength(12)
    expect(look.responseHistogram.reduce((n, bin) => n + bin.count, 0)).toBe(72 * 6)
    const added = await dataLibrary.add(place, { path: 'arrays.npz', mapping })
    expect(added.sessions).toEqual(look.sessions)
    expect(readdirSync(join(place.home, 'cache', 'prepared'))).toEqual([])
    const wrong = { ...mapping, images: { ...mapping.images, axes: 'hw' } }
    expect(
      (await problemOf(() => dataLibrary.look(place, { path: 'arrays.npz', mapping: wrong }))).code,
    ).toBe('file-invalid')
  })

  it('ends an import that was called off and leaves nothing', async () => {
    const controller = new AbortController()
    const progress = (): void => controller.abort()
    const problem = await problemOf(() =>
      dataLibrary.add(place, { path: 'digits', name: 'never' }, { signal: controller.signal, progress }),
    )
    expect(problem.code).toBe('cancelled')
    expect((await dataLibrary.list(place)).map((s) => s.name)).not.toContain('never')
  })

  it('leaves nothing behind when an import fails', async () => {
    writeFileSync(join(root, 'broken.h5'), 'no HDF5 at all')
    const problem = await problemOf(() => dataLibrary.add(place, { path: 'broken.h5' }))
    expect(problem.code).toBe('file-invalid')
    expect(readdirSync(join(place.home, 'datasets')).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

describe('real recordings', () => {
  it('give the numbers that are known of them', async ({ skip }) => {
    const path = sharedPath('data', 'v4_derived_monkey_session')
    if (path === null) return skip('the real data are not beside this checkout')
    const added = await dataLibrary.add(
      { home: join(root, 'real'), folder: root },
      { path, mapping: { area: 'v4' } },
    )
    const facts = Object.fromEntries(added.facts.map((f) => [f.label, f.value]))
    expect(facts).toMatchObject({
      'Units, 210325': '50',
      'Trials, 210325': '4840 (3874 pool, 966 test)',
      Images: '640 of 56 x 56 x 1',
    })
  })
})
