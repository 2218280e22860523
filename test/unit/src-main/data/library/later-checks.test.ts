import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import sharp from 'sharp'
import { generateInSilico } from '../../../../../src-main/engine/data/in-silico/generate.ts'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { inSilicoCanonical } from '../../../../../src-main/data/in-silico/in-silico-canonical.ts'
import { recordFile } from '../../../../../src-main/data/places/library-records.ts'
import { generatorDefaults } from '../../../../../src-shared/schema/dataset/generator-fields.ts'
import { checkSet, giveUpChecking } from '../../../../../src-main/data/library/check-set.ts'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { usedSets, openFindings } from '../../../../../src-main/data/places/used-sets.ts'
import { writeClassImages } from '../../../../support/class-images.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
const place = { home: join(root, 'home'), folder: root }
const waiting = { home: join(root, 'waiting'), folder: root }
const deps = (home: string) => ({ home, folder: root, now: () => 0, date: () => new Date(0) })

beforeAll(async () => {
  await writeClassImages(join(root, 'insects'))
  const wish = {
    images: 'pink_noise',
    image_size: 16,
    n_neurons: 4,
    n_images: 30,
    n_test: 6,
    repeats: 3,
  } as const
  const options = { ...generatorDefaults(wish), seed: 3 }
  const set = inSilicoCanonical(await generateInSilico(options, null), options, 'v1')
  await writeCanonical(join(root, 'cells.h5'), set, '2024-01-01T00:00:00Z')
})

describe('checks that are not waited for', () => {
  it.each([
    ['images', 'insects'],
    ['a recording', 'cells.h5'],
  ])('end as those that are, and the set can be used before: %s', async (_, path) => {
    const full = await dataLibrary.add(waiting, { path })
    const added = await dataLibrary.add(place, { path, checks: 'later' })
    expect(added).toMatchObject({ id: full.id, unchecked: true })
    const counts = ({ parts, sessions }: typeof full) => [
      parts?.map(({ name, images, width, height, channels, perClass }) => ({
        ...{ name, images, width, height, channels, perClass },
      })),
      sessions?.map(({ session, area, units, trials, tiers, images, repeats }) => ({
        ...{ session, area, units, trials, tiers, images, repeats },
      })),
    ]
    expect(counts(added)).toEqual(counts(full))
    expect(added.parts?.every(({ mean, grey }) => mean.length === 0 && grey === null) ?? true).toBe(true)
    expect(added.sessions?.every(({ oracle }) => oracle === null) ?? true).toBe(true)

    const texts: string[] = []
    await checkSet(added.id, { ...deps(place.home), progress: (text) => void texts.push(text) })
    expect(texts.length).toBeGreaterThan(0)
    const done = await dataLibrary.get(place, added.id)
    expect({ ...done, addedAt: 0 }).toEqual({ ...full, addedAt: 0 })
  })

  it('keep what was done to the set meanwhile, and leave a removed one away', async () => {
    const home = join(root, 'meanwhile')
    const own = { home, folder: root }
    const { id } = await dataLibrary.add(own, { path: 'insects', checks: 'later' })
    const used = await usedSets({ config: { data_set: 'insects' } }, root, home)
    expect(openFindings(used).join()).toContain('insects is still being checked')
    const file = recordFile(home, id)
    const named = { ...(JSON.parse(readFileSync(file, 'utf8')) as object), aliases: ['ants'] }
    await checkSet(id, { ...deps(home), progress: () => writeFileSync(file, JSON.stringify(named)) })
    expect((await dataLibrary.get(own, 'ants')).unchecked).toBeUndefined()
    await dataLibrary.remove(own, id)
    await checkSet(id, deps(home))
    expect(await dataLibrary.list(own)).toEqual([])
    expect((await dataLibrary.restore(own, id)).unchecked).toBeUndefined()
  })

  it('are made again in a thread that tells how far it is, tells what is wrong, and can be called off', async () => {
    const home = join(root, 'again')
    const own = { home, folder: root }
    await writeClassImages(join(root, 'again-set'))
    const full = await dataLibrary.add(own, { path: 'again-set' })
    const texts: string[] = []
    const again = await dataLibrary.check(own, full.id, { progress: (text) => void texts.push(text) })
    expect(again).toEqual(full)
    expect(texts).toContain('looking through the images')
    const ends = new AbortController()
    const called = dataLibrary.check(own, full.id, { signal: ends.signal })
    setImmediate(() => ends.abort())
    expect((await problemOf(() => called))?.code).toBe('cancelled')
    expect(await dataLibrary.get(own, full.id)).toEqual(full)
    rmSync(join(root, 'again-set'), { recursive: true })
    expect(await problemOf(() => dataLibrary.check(own, full.id))).toMatchObject({ code: 'data-missing' })
  })

  it('tell of an image that cannot be decoded', async () => {
    const home = join(root, 'broken')
    await writeClassImages(join(root, 'cut'), 3)
    const file = join(root, 'cut', 'train', 'ant', '1.png')
    const { id } = await dataLibrary.add({ home, folder: root }, { path: 'cut', checks: 'later' })
    truncateSync(file, readFileSync(file).length - 20)
    await checkSet(id, deps(home))
    const { findings, unchecked } = await dataLibrary.get({ home, folder: root }, id)
    expect(unchecked).toBeUndefined()
    expect(findings).toMatchObject([{ code: 'unreadable', severity: 'error', where: { file } }])
  })

  it('tell of checks that died', async () => {
    const home = join(root, 'died')
    const { id } = await dataLibrary.add({ home, folder: root }, { path: 'insects', checks: 'later' })
    await giveUpChecking(id, new Error('out of memory'), { home })
    const { findings, unchecked } = await dataLibrary.get({ home, folder: root }, id)
    expect([unchecked, findings.map(({ code }) => code)]).toEqual([undefined, ['unreadable']])
  })

  it('ask for a size before anything is added', async () => {
    const home = join(root, 'sizes')
    await writeClassImages(join(root, 'sized'))
    await sharp({ create: { width: 9, height: 8, channels: 3, background: 'red' } }).toFile(
      join(root, 'sized', 'train', 'bee', '9.jpg'),
    )
    const own = { home, folder: root }
    expect(await problemOf(() => dataLibrary.add(own, { path: 'sized', checks: 'later' }))).toMatchObject({
      path: join(root, 'sized', 'train', 'bee', '9.jpg'),
      message: 'is 9 x 8, the first image is 8 x 8.',
      asks: ['size', 'fit'],
    })
    const added = await dataLibrary.add(own, { path: 'sized', mapping: { size: 16 }, checks: 'later' })
    expect(added.parts).toMatchObject([
      { images: 7, width: 16 },
      { images: 6, width: 16 },
    ])
  })
})
