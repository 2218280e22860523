import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { memoryImages } from '../../../../../src-main/io/images/sources/memory-images.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
const place = { home: join(root, 'home'), folder: root }
/** Images 1 and 3 are equal; units: one that answers, one that is dead, a copy of the first, one without a response. */
const PICTURES = [10, 60, 110, 60, 210]
const SHOWN = [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]
const TIER = [1, 1, 1, 3, 3, 1, 1, 1, 3, 3]

beforeAll(async () => {
  const pixels = Uint8Array.from({ length: 5 * 16 }, (_, i) => (PICTURES[Math.floor(i / 16)] ?? 0) + (i % 16))
  const responses = Float32Array.from(SHOWN.flatMap((image, t) => [image + t / 10, 1, image + t / 10, NaN]))
  const session = (key: string) => ({
    key,
    subject: 'a',
    area: '',
    species: 'macaque',
    responseKind: 'rate' as const,
    trials: {
      imageId: Int32Array.from(SHOWN),
      tier: Uint8Array.from(key === 'two' ? SHOWN.map(() => 0) : TIER),
    },
    units: { id: ['live', 'dead', 'copy', 'empty'] },
    responses,
    bins: 1,
  })
  const source = memoryImages(pixels, { height: 4, width: 4, channels: 1 })
  await writeCanonical(
    join(root, 'cells.h5'),
    {
      name: 'cells',
      provenance: {},
      images: { source, id: Int32Array.from([0, 1, 2, 3, 4]) },
      sessions: [session('one'), session('two')],
    },
    '2024-01-01T00:00:00Z',
  )
  await dataLibrary.add(place, { path: 'cells.h5' })
})

const mend = async (fix: Parameters<typeof dataLibrary.mend>[1]['fix']) =>
  dataLibrary.mend(place, { id: 'cells', fix })
const codes = (set: Awaited<ReturnType<typeof mend>>): string[] => set.findings.map(({ code }) => code)

describe('steps that mend a finding', () => {
  it('leave out units that are dead, without a response, or copies', async () => {
    const before = await dataLibrary.get(place, 'cells')
    expect(codes(before)).toEqual(expect.arrayContaining(['dead-units', 'empty-units', 'duplicate-units']))
    await mend({ kind: 'units', which: 'dead' })
    await mend({ kind: 'units', which: 'empty' })
    const mended = await mend({ kind: 'units', which: 'copies' })
    expect(mended.sessions?.map(({ units }) => units)).toEqual([1, 1])
    expect((await dataLibrary.neurons(place, 'cells')).map(({ units }) => units)).toEqual([
      ['live'],
      ['live'],
    ])
    expect(codes(mended).filter((code) => code.endsWith('-units'))).toEqual([])
    expect(mended.choices).toContainEqual({
      what: 'Units left out',
      value: '2 units that never change: dead, dead',
      by: 'option',
    })
    expect((await problemOf(() => mend({ kind: 'units', which: 'dead' }))).message).toContain('has no units')
  })

  it('make equal images one, then keep test images from training', async () => {
    const one = await mend({ kind: 'equal-images' })
    expect(one.sessions?.map(({ images }) => images)).toEqual([4, 4])
    expect(codes(one)).not.toContain('duplicate-stimuli')
    expect(codes(one)).toContain('test-images-in-training') // image 1 trained and tested under two ids
    const whole = await mend({ kind: 'test-images' })
    expect(codes(whole)).not.toContain('test-images-in-training')
    expect(whole.sessions?.[0]?.tiers).toEqual([
      { name: 'training', trials: 4 },
      { name: 'test', trials: 6 },
    ])
  })

  it('say the area of one session, then of all that do not say it', async () => {
    const one = await mend({ kind: 'area', session: 'two', area: 'v4' })
    expect(one.sessions?.map(({ area }) => area)).toEqual(['area not stated', 'V4'])
    expect((await mend({ kind: 'area', area: 'v1' })).sessions?.map(({ area }) => area)).toEqual(['V1', 'V4'])
    expect((await problemOf(() => mend({ kind: 'area', area: 'v1' }))).message).toBe(
      'every session says its area.',
    )
  })

  it('keep a test share for new experiments, and take it back', async () => {
    const set = await mend({ kind: 'test-share', share: 0.2, seed: 1 })
    const aside = set.findings
      .filter(({ code }) => code === 'no-test-trials')
      .map(({ ignored }) => ignored?.reason)
    expect([set.options, aside]).toEqual([
      { test_frac: 0.2, test_seed: 1 },
      ['New experiments on this set keep 20 % of the images for testing, seed 1.'],
    ])
    expect((await dataLibrary.check(place, 'cells')).options).toEqual(set.options) // checking again keeps it
    const back = await mend({ kind: 'test-share', share: 0, seed: 1 })
    expect([back.id, back.options]).toEqual([set.id, undefined])
    expect(back.findings.some(({ ignored }) => ignored !== undefined)).toBe(false)
  })

  it('can be undone: the earlier set comes back', async () => {
    const before = await dataLibrary.get(place, 'cells')
    const mended = await mend({ kind: 'missing', values: [0] })
    expect([mended.name, mended.id === before.id]).toEqual(['cells', false])
    await dataLibrary.remove(place, mended.id)
    await dataLibrary.restore(place, before.id)
    expect(await dataLibrary.get(place, 'cells')).toEqual(before)
  })
})
