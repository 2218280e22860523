import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contentHash } from '../../../../../src-main/io/canonical/content-hash.ts'
import { openCanonical } from '../../../../../src-main/io/canonical/read.ts'
import { readLabels } from '../../../../../src-main/io/canonical/neural-session.ts'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { exportFolder } from '../../../../../src-main/io/exporters/export-folder.ts'
import { exportNpz } from '../../../../../src-main/io/exporters/export-npz.ts'
import { labelledSet } from '../../../../../src-main/io/exporters/labelled-set.ts'
import { csvCell, safeFileName } from '../../../../../src-main/io/exporters/safe-text.ts'
import { memoryImages } from '../../../../../src-main/io/images/sources/memory-images.ts'
import { openImageSet } from '../../../../../src-main/io/images/open-image-set.ts'
import { openArrays } from '../../../../../src-main/io/importers/mapped/array-source.ts'
import { findImporter } from '../../../../../src-main/io/importers/registry.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { sampleSession, sampleSet } from '../../../../support/sample-set.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const at = (name: string): string => join(folder, name)
const size = { height: 2, width: 2, channels: 3 }
const pixels = Uint8Array.from({ length: 36 }, (_, i) => i * 7)
const labelled = {
  images: memoryImages(pixels, size),
  labels: Int32Array.of(1, 0, 1),
  classNames: ['cat', 'dog/wolf'],
}

test('an npz holds every array of the set and equal sets give equal files', async () => {
  await exportNpz(at('a.npz'), sampleSet())
  await exportNpz(at('b.npz'), sampleSet())
  expect(readFileSync(at('a.npz')).equals(readFileSync(at('b.npz')))).toBe(true)
  const source = await openArrays(at('a.npz'))
  const shapes = Object.fromEntries(
    source.list().map(({ path, shape, type }) => [path, `${type} ${shape.join('x')}`]),
  )
  expect(shapes).toMatchObject({
    'images/pixels': 'uint8 4x3x2x1',
    'images/id': 'int32 4',
    'a1/responses': 'float32 5x2x2',
    'a1/trials/tier': 'uint8 5',
    'a1/units/id': 'text 2',
  })
  expect(source.read('a1/responses').values).toEqual(sampleSession().responses)
  expect([...source.read('images/pixels').values].slice(0, 3)).toEqual([0, 10, 20])
  source.close()
})

test('a classification set survives the canonical file, and a folder of PNGs, pixel by pixel', async () => {
  await writeCanonical(at('labels.h5'), labelledSet('pets', labelled), '')
  const file = await openCanonical(at('labels.h5'))
  expect(readLabels(file)).toMatchObject({ labels: labelled.labels, classNames: labelled.classNames })
  file.close()
  await exportFolder(at('pets'), labelledSet('pets', labelled))
  expect(readdirSync(at('pets'))).toEqual(['cat', 'dog_wolf'])
  const set = await openImageSet(at('pets'), { cacheFolder: at('cache') })
  const back = new Uint8Array(36)
  await set.parts.train?.images.read([1, 0, 2], back)
  expect(back).toEqual(pixels)
  expect(set.parts.train?.labels).toEqual(Int32Array.of(0, 1, 1))
})

test('a session exported as images and table comes back through the importer', async () => {
  const { images } = sampleSet()
  const { label: _l, labelNames: _n, ...unlabelled } = images
  const plain = sampleSession({ bins: 1, responses: Float32Array.of(1, 2, 3, 4, NaN, 6, 7, 8, 9, 0) })
  const state = Float32Array.of(1, -2, 3, 4, 0.5, 6, 7, NaN, 9, 10)
  const eyes = Float32Array.of(10, 20, -11, 21, 12, 22, 13, 23, 14, 24)
  const given = {
    ...plain,
    trials: {
      ...plain.trials,
      behavior: { names: ['pupil_size', 'speed'], values: state },
      pupilCenter: eyes,
    },
  }
  await exportFolder(at('neural'), sampleSet({ images: unlabelled, sessions: [given] }))
  const set = await findImporter('csv-folder').read(at('neural'), { area: 'v4' }, at('work'))
  const [session] = set.sessions
  expect(session).toMatchObject({
    key: 'a1',
    responses: given.responses,
    units: { id: ['u1', 'u2'] },
    trials: { tier: given.trials.tier, behavior: given.trials.behavior, pupilCenter: eyes },
  })
  const order = Array.from(given.trials.imageId, (id) => `images/00000${id}.png`)
  expect(Array.from(session?.trials.imageId ?? [], (id) => set.images.origin?.[id])).toEqual(order)
})

test('an export never writes over a folder and leaves nothing when it fails', async () => {
  expect((await problemOf(() => exportFolder(at('pets'), labelledSet('pets', labelled)))).message).toBe(
    'exists already.',
  )
  const broken = {
    ...labelled,
    images: { ...labelled.images, read: () => Promise.reject(new Error('disk gone')) },
  }
  await expect(exportFolder(at('none'), labelledSet('x', broken))).rejects.toThrow('disk gone')
  await expect(exportNpz(at('none.npz'), labelledSet('x', broken))).rejects.toThrow('disk gone')
  expect(readdirSync(folder).filter((name) => name.includes('none'))).toEqual([])
})

test('names become single files and cells never formulas', () => {
  expect(['a/b', '..', 'con', 'x. ', ''].map(safeFileName)).toEqual(['a_b', '_', '_con', 'x', '_'])
  expect(['=1+1', '@x', 'a,b', 'say "x"', 'plain'].map(csvCell)).toEqual([
    "'=1+1",
    "'@x",
    '"a,b"',
    '"say ""x"""',
    'plain',
  ])
})

test('exports do not change what the set says', async () => {
  const set = sampleSet()
  const before = await contentHash(set)
  await exportNpz(at('c.npz'), set)
  expect(await contentHash(set)).toBe(before)
})
