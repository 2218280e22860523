import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BYTES, UNIT_FLOATS } from '../../../../../src-main/engine/data/pixels.ts'
import { contentHash } from '../../../../../src-main/io/canonical/content-hash.ts'
import { listSessions, readLabels, readSession } from '../../../../../src-main/io/canonical/neural-session.ts'
import { loadCanonical, openCanonical, verifyCanonical } from '../../../../../src-main/io/canonical/read.ts'
import type { CanonicalSession } from '../../../../../src-main/io/canonical/set.ts'
import { validateCanonical } from '../../../../../src-main/io/canonical/validate.ts'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { createHdf5 } from '../../../../../src-main/io/formats/hdf5/hdf5-writer.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { sampleSession, sampleSet } from '../../../../support/sample-set.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const created = '2024-01-02T03:04:05Z'
const withSession = (change: Partial<CanonicalSession>): string[] =>
  validateCanonical(sampleSet({ sessions: [sampleSession(change)] }), 'f.h5').map(
    (p) => `${p.path}: ${p.message}`,
  )

test('a set comes back from its file as it was written', async () => {
  const path = join(folder, 'a.h5')
  const set = sampleSet({
    groundTruth: new Map<string, number | string | { shape: number[]; data: Float32Array }>([
      ['seed', 7],
      ['config', '{}'],
      ['x0', { shape: [2], data: Float32Array.of(0.25, 0.5) }],
      ['repeat_ceiling', { shape: [2], data: Float32Array.of(0.75, 0.5) }],
    ]),
  })
  const hash = await writeCanonical(path, set, created)
  const file = await openCanonical(path)
  const read = loadCanonical(file)
  expect({ ...read, images: null }).toEqual({ ...set, images: null })
  expect({ ...read.images, source: null }).toEqual({ ...set.images, source: null })
  expect(file).toMatchObject({ name: 'sample', created, contentHash: hash, sessionKeys: ['a1'] })
  await verifyCanonical(file)
  file.close()
  expect(readdirSync(folder)).toEqual(['a.h5'])
})

test('a session sums its time bins, finds its images and keeps missing values', async () => {
  const file = await openCanonical(join(folder, 'a.h5'))
  expect(listSessions(file)).toEqual(['a1'])
  const session = readSession(file, 'a1')
  expect(session).toMatchObject({ key: 'a1', area: 'v4', units: ['u1', 'u2'] })
  expect(session.responses).toEqual(Float32Array.of(3, 1, 6, 1, 2, 8, NaN, 2, 5, 2))
  expect(session.imageIndex).toEqual(Int32Array.of(1, 0, 3, 3, 2))
  expect(session.repeatCeiling).toEqual(Float32Array.of(0.75, 0.5))
  expect(readSession(file, 'a1', { bins: [1] }).responses[0]).toBe(2)
  expect(readSession(file, 'a1', { average: true }).responses[0]).toBe(1.5)
  expect((await problemOf(() => readSession(file, 'a1', { bins: [2] }))).message).toContain(
    'bin 2 was asked for',
  )
  expect((await problemOf(() => readSession(file, 'b'))).hint).toBe('It has: a1.')
  const pixels = new Float32Array(12)
  await session.images.read([3, 0], pixels)
  expect([...pixels]).toEqual([180, 190, 200, 210, 220, 230, 0, 10, 20, 30, 40, 50])
  expect(readLabels(file)?.classNames).toEqual(['cat', 'öwl'])
  file.close()
})

test('the content hash depends on content alone', async () => {
  const set = sampleSet()
  const hash = await contentHash(set)
  expect(await contentHash({ ...set, name: 'other', provenance: { x: 1 } })).toBe(hash)
  const two = [sampleSession({ key: 'x' }), sampleSession()]
  expect(await contentHash({ ...set, sessions: two })).toBe(
    await contentHash({ ...set, sessions: two.reverse() }),
  )
  const other = sampleSession()
  other.responses[3] = 2
  expect(await contentHash({ ...set, sessions: [other] })).not.toBe(hash)
  expect(await contentHash({ ...set, images: { ...set.images, id: Int32Array.of(3, 7, 1, 8) } })).not.toBe(
    hash,
  )
  expect(
    await contentHash({
      ...set,
      images: { ...set.images, source: { ...set.images.source, pixels: { ...BYTES, white: 254 } } },
    }),
  ).not.toBe(hash)
})

test('the validator names every broken rule with its place', () => {
  expect(withSession({ trials: { imageId: Int32Array.of(7, 3, 9, 9, 4), tier: new Uint8Array(5) } })).toEqual(
    ['f.h5, /sessions/a1/trials/image_id: trial 4 shows image 4, which is not in /images/id.'],
  )
  const negative = sampleSession().responses.map((value, i) => (i === 13 ? -2 : value))
  expect(withSession({ responses: negative })).toEqual([
    'f.h5, /sessions/a1/responses: trial 3 has the count -2.',
  ])
  expect(withSession({ responses: negative, responseKind: 'dff' })).toEqual([])
  expect(withSession({ units: { id: ['u', 'u'] } })).toEqual([
    'f.h5, /sessions/a1/units/id: unit "u" stands at 0 and at 1.',
  ])
  expect(withSession({ trials: { ...sampleSession().trials, tier: Uint8Array.of(0, 1, 9) } })).toEqual([
    'f.h5, /sessions/a1/trials/tier: has 3 values, expected 5, one for each trial.',
    'f.h5, /sessions/a1/trials/tier: trial 2 has tier 9, expected 0 to 4.',
  ])
  expect(withSession({ key: 'a/b' })[0]).toBe('f.h5, /sessions: the key "a/b" is empty or holds a slash.')
  const { images } = sampleSet()
  const doubled = sampleSet({ images: { ...images, id: Int32Array.of(3, 7, 7, 9) }, sessions: [] })
  expect(validateCanonical(doubled, 'f')[0]?.message).toBe('id 7 stands at 1 and at 2.')
  const twice = sampleSet({ sessions: [sampleSession(), sampleSession()] })
  expect(validateCanonical(twice, 'f')[0]?.message).toBe('the key "a1" is used twice.')
})

test('an invalid set is not written', async () => {
  const set = sampleSet({ sessions: [sampleSession({ units: { id: ['u', 'u'] } })] })
  expect((await problemOf(() => writeCanonical(join(folder, 'b.h5'), set, created))).code).toBe(
    'file-invalid',
  )
  expect(readdirSync(folder)).toEqual(['a.h5'])
})

test('truncated, foreign and changed files are told apart', async () => {
  const path = join(folder, 'c.h5')
  writeFileSync(path, readFileSync(join(folder, 'a.h5')))
  truncateSync(path, 5000)
  expect((await problemOf(() => openCanonical(path))).message).toContain('truncated file')
  const foreign = await createHdf5(path)
  foreign.attributes('/', { format: 'other' })
  foreign.close()
  expect((await problemOf(() => openCanonical(path))).message).toBe('expected "cotrain-neural", got "other".')
  const changed = await createHdf5(path)
  changed.attributes('/', { format: 'cotrain-neural', version: 2 })
  changed.close()
  expect((await problemOf(() => openCanonical(path))).message).toBe('expected 1, got 2.')
})

test('float images of another range keep their values', async () => {
  const { images } = sampleSet()
  const path = join(folder, 'd.h5')
  const pixels = { ...UNIT_FLOATS, black: -1, stored: 'float64', whiteFrom: 'stated' } as const
  await writeCanonical(
    path,
    sampleSet({ images: { ...images, source: { ...images.source, pixels } } }),
    created,
  )
  const file = await openCanonical(path)
  expect(file.images.source.pixels).toEqual(pixels)
  file.close()
})
