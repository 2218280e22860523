import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pixelBlocks } from '../../../../../src-main/io/canonical/pixel-blocks.ts'
import type { CanonicalSet } from '../../../../../src-main/io/canonical/set.ts'
import { detectImporter, findImporter } from '../../../../../src-main/io/importers/registry.ts'
import type { ImageSet } from '../../../../../src-main/io/images/sources/image-set.ts'
import { openImageSet } from '../../../../../src-main/io/images/open-image-set.ts'
import { decodeImage } from '../../../../../src-main/io/images/decode/decode.ts'
import { exportFolder } from '../../../../../src-main/io/exporters/export-folder.ts'
import { openTree } from '../../../../../src-main/io/formats/zip/file-tree.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

/** The faulty situations that are kept beside the checkout, with their right values. */
interface Expected {
  readonly pictureOfTrial?: number[]
  readonly cornerOfPicture?: number[][]
  readonly responses?: (number | null)[][]
  readonly responsesOfPicture?: number[][]
}

const work = temporaryFolder()
const folder = sharedPath('cases')
const cases = describe.skipIf(folder === null) // said once by sharedPath
const at = (...parts: string[]): string => join(folder ?? '', ...parts)
const json = (path: string): Record<string, Expected> =>
  JSON.parse(readFileSync(path, 'utf8')) as Record<string, Expected>

const read = (path: string, options: object = {}): Promise<CanonicalSet> =>
  findImporter(detectImporter(path) ?? '').read(path, options, work)

/** Grey levels of the pixels (0, 0), (0, 1), (1, 0) of each trial's image, and its responses; null is missing. */
async function contentOf({ images, sessions }: CanonicalSet) {
  const { source, id } = images
  const each = source.height * source.width * source.channels
  const pixels = new Float32Array(source.length * each)
  await source.read(Int32Array.from(id.keys()), pixels)
  const [session] = sessions
  if (!session) throw new Error('there is no session')
  const units = session.units.id.length
  const corner = (image: number): number[] => {
    const first = id.indexOf(image) * each
    return [0, source.channels, source.width * source.channels].map(
      (i) => (pixels[first + i] ?? 0) * (255 / source.pixels.white),
    )
  }
  return Array.from(session.trials.imageId, (image, trial) => ({
    corner: corner(image),
    responses: Array.from(session.responses.subarray(trial * units, (trial + 1) * units), (value) =>
      Number.isNaN(value) ? null : value,
    ),
  }))
}

const expected = ({ pictureOfTrial = [], cornerOfPicture = [], responses = [] }: Expected) =>
  pictureOfTrial.map((image, trial) => ({ corner: cornerOfPicture[image], responses: responses[trial] }))

const findings = (set: CanonicalSet) =>
  (set.provenance['findings'] ?? []) as { code: string; message: string }[]

cases('NWB links', () => {
  for (const name of ['order.nwb', 'twogroups.nwb'])
    test(`${name}: each trial has the image that the file links to`, async () => {
      const right = json(at('nwb-links', 'expect.json'))[name] ?? {}
      expect(await contentOf(await read(at('nwb-links', name), { area: 'v1' }))).toEqual(expected(right))
    })
  test('epochs.nwb: both tables are named, and the chosen one is read', async () => {
    const path = at('nwb-links', 'epochs.nwb')
    const { message, hint, asks } = await problemOf(() => read(path, { area: 'v1' }))
    expect(message).toContain('/intervals/epochs, /intervals/trials')
    expect(hint).toContain('option table')
    expect(asks).toEqual(['table'])
    const right = json(at('nwb-links', 'expect.json'))['epochs.nwb'] ?? {}
    expect(await contentOf(await read(path, { area: 'v1', table: 'trials' }))).toEqual(expected(right))
  })
  test('a mistyped option is named with the known ones', async () => {
    const { path, hint } = await problemOf(() =>
      read(at('nwb-links', 'epochs.nwb'), { imageColum: 'image_name' }),
    )
    expect(path).toBe('imageColum')
    expect(hint).toContain('Did you mean "imageColumn"? Known options of nwb: t0Ms, binMs')
  })
})

cases('time that was not observed', () => {
  const right = () => json(at('unobserved-time', 'expect.json'))
  test('obs.nwb: outside of obs_intervals responses are missing', async () => {
    const set = await read(at('unobserved-time', 'obs.nwb'), { area: 'v1' })
    expect(await contentOf(set)).toEqual(expected(right()['obs.nwb'] ?? {}))
    expect(findings(set).find(({ code }) => code === 'unobserved-time')?.message).toBe(
      '22 of 200 responses were not observed and are missing (NaN), in 1 unit: 2.',
    )
  })
  test('nanstart.nwb: a trial without onset is left out and told', async () => {
    const set = await read(at('unobserved-time', 'nanstart.nwb'), { area: 'v1' })
    expect(await contentOf(set)).toEqual(expected(right()['nanstart.nwb'] ?? {}))
    expect(set.left).toMatchObject([{ kind: 'trial', name: 'row 7', severity: 'warning' }])
  })
})

cases('tiers, axes and ids', () => {
  const session = (set: CanonicalSet) => set.sessions[0] as CanonicalSet['sessions'][number] // every case has one
  test('a boolean is_test makes its True trials test trials', async () => {
    const mapping = JSON.parse(readFileSync(at('boolean-tier', 'mask.json'), 'utf8')) as object
    const { tier } = session(await read(at('boolean-tier', 'mask.npz'), { mapping })).trials
    expect(Array.from(tier.keys()).filter((trial) => tier[trial] === 3)).toEqual(
      Array.from({ length: 12 }, (_, i) => 48 + i),
    )
    expect(tier.filter((value) => value === 0)).toHaveLength(48)
  })
  test('static_rt.h5: units first are turned', async () => {
    const set = await read(at('axes-and-ids', 'static_rt.h5'), { area: 'v1' })
    const { responses = [] } = json(at('axes-and-ids', 'expect.json'))['static_rt.h5'] ?? {}
    const rows = (await contentOf(set)).flatMap((trial) => trial.responses)
    expect(rows).toHaveLength(responses.flat().length)
    const errors = responses.flat().map((value, i) => Math.abs((value ?? NaN) - (rows[i] ?? NaN)))
    expect(Math.max(...errors)).toBeLessThan(1e-5) // the expected values are rounded
  })
  test('ids-from-1: both readings fit, and the option decides', async () => {
    const path = at('axes-and-ids', 'ids-from-1')
    const { message, hint, asks } = await problemOf(() => read(path, { area: 'v1' }))
    expect(message).toBe(
      'the ids 1 to 7 may count the images (0 to 7) from 0 or from 1: both name images that are there.',
    )
    expect(hint).toContain('idsFrom')
    expect(asks).toEqual(['idsFrom'])
    for (const from of [0, 1]) {
      const { imageId } = session(await read(path, { area: 'v1', idsFrom: from })).trials
      expect([imageId.reduce((a, b) => Math.min(a, b)), imageId.reduce((a, b) => Math.max(a, b))]).toEqual([
        1 - from,
        7 - from,
      ])
    }
  })
})

type Content = Awaited<ReturnType<typeof contentOf>>

/** The expected values are written with all digits of a float64, the files hold float32. */
function expectClose(found: Content, right: ReturnType<typeof expected>): void {
  expect(found).toHaveLength(right.length)
  found.forEach(({ corner, responses }, trial) => {
    expect(corner, `trial ${trial}`).toEqual(right[trial]?.corner)
    const wrong = right[trial]?.responses?.map(
      (value, unit) => (value ?? NaN) - (responses[unit] ?? NaN),
    ) ?? [1]
    expect(Math.max(...wrong.map(Math.abs)), `trial ${trial}`).toBeLessThan(1e-5)
  })
}

/** One trial for each image, in order. */
const ofImages = ({ responsesOfPicture = [], cornerOfPicture = [] }: Expected) =>
  expected({ pictureOfTrial: [...cornerOfPicture.keys()], cornerOfPicture, responses: responsesOfPicture })

const jsonAt = (path: string): object => JSON.parse(readFileSync(path, 'utf8')) as object

cases('files of other programs', () => {
  const file = (name: string): string => at('files-of-other-programs', name)
  const right = (name: string): Expected => json(file('expect.json'))[name] ?? {}
  test.each([
    ['v5.mat', 'v5.mat', 'matlab.json'],
    ['cell73.mat', 'cell73.mat', 'matlab.json'],
    ['X.NPZ', 'X.NPZ', 'arrays.json'],
    ['UP.NWB', 'UP.NWB', null],
    ['table/RESP.CSV', 'table', null],
  ])('%s holds what was written', async (name, path, mapping) => {
    const options = mapping === null ? { area: 'v1' } : { mapping: jsonAt(file(mapping)) }
    expectClose(await contentOf(await read(file(path), options)), expected(right(name)))
  })
  test('pair: column i of the responses belongs to image i', async () => {
    expectClose(await contentOf(await read(file('pair'), { area: 'v1' })), ofImages(right('pair')))
  })
  test('winzip.zip: backslashes separate folders', async () => {
    const { classNames, parts } = await openImageSet(file('winzip.zip'), { cacheFolder: work })
    expect([classNames, parts.train?.images.length]).toEqual([['a', 'b'], 4])
  })
})

cases('parts left out', () => {
  const file = (name: string): string => at('parts-left-out', name)
  const sizes = ({ classNames, parts }: ImageSet) => [
    classNames.length,
    Object.entries(parts).map(([part, { images }]) => [part, images.length]),
  ]
  const open = (path: string): Promise<ImageSet> => openImageSet(path, { cacheFolder: work })
  test('gifclass: a class of .gif keeps its place', async () => {
    const { classNames, parts } = await open(file('gifclass'))
    expect(classNames).toEqual(['ant', 'bee', 'cow'])
    expect(parts.train && [...parts.train.labels]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2])
  })
  test('twonpz: each file is the part that it is named after', async () => {
    expect(sizes(await open(file('twonpz')))).toEqual([
      4,
      [
        ['train', 24],
        ['test', 8],
      ],
    ])
  })
  test('folder_and_npy: a recording', async () => {
    const right = json(file('expect.json'))['folder_and_npy'] ?? {}
    expectClose(await contentOf(await read(file('folder_and_npy'), { area: 'v1' })), ofImages(right))
  })
  test('grouped corruptions are never labels', async () => {
    const { classNames, parts } = await open(at('corruption-folders', 'grouped'))
    expect([classNames, Object.keys(parts), parts.test?.images.length]).toEqual([
      ['n01440764', 'n01443537'],
      ['test'],
      20,
    ])
  })
  test('Upper: Train and Val are parts', async () => {
    expect(sizes(await open(at('axes-and-ids', 'Upper')))).toEqual([
      2,
      [
        ['train', 4],
        ['val', 4],
      ],
    ])
  })
})

cases('what is white', () => {
  test('over.npz: values beyond 1 are asked for, and taken as stated', async () => {
    const mapping = jsonAt(at('white-level', 'over.json'))
    const path = at('white-level', 'over.npz')
    const { message, hint, asks } = await problemOf(() => read(path, { mapping }))
    expect(message).toContain('go from -0.01 to 1.01')
    expect(hint).toContain('valueMax')
    expect(asks).toEqual(['valueMax', 'valueMin'])
    const { images } = await read(path, { mapping, valueMin: -0.01, valueMax: 1.01 })
    // Its 256 grey levels lie between the two: they are bytes.
    expect(images.source.pixels).toMatchObject({ element: 'uint8', white: 255, whiteFrom: 'stated' })
  })
  test('bool.npz: images are exported as black and white', async () => {
    const set = await read(at('white-level', 'bool.npz'), { mapping: jsonAt(at('white-level', 'bool.json')) })
    await exportFolder(join(work, 'bool'), set)
    const tree = openTree(join(work, 'bool'))
    const pngs = tree.files.filter(({ name }) => name.endsWith('.png'))
    expect(pngs).toHaveLength(set.images.id.length)
    const levels = new Set<number>()
    for (const { name } of pngs)
      for (const level of (await decodeImage(tree.read(name), name)).data) levels.add(level)
    expect([...levels].sort()).toEqual([0, 255])
  })
  test('exported-pixels: 12 bits in 16 are asked for, and keep their values once stated', async () => {
    const path = at('exported-pixels', 'uint16')
    expect((await problemOf(() => openImageSet(path, { cacheFolder: work }))).hint).toContain('valueMax 4095')
    const { parts } = await openImageSet(path, { cacheFolder: work, stated: { valueMax: 4095 } })
    const pixels = new Float32Array(3)
    const all = new Float32Array(12 * 16 * 16 * 3)
    await parts.train?.images.read(
      Int32Array.from({ length: 12 }, (_, i) => i),
      all,
    )
    pixels.set(all.subarray(0, 3))
    expect([...pixels]).toEqual([2496, 1024, 3984])
    expect(all.reduce((most, value) => Math.max(most, value))).toBe(4080)
  })
  test('float images of classes are the grey levels of the bytes', async () => {
    const right = jsonAt(at('float-pictures-of-classes', 'expect.json')) as {
      meanOfWhite: number
      firstRowOfPicture0: number[]
    } // fields of the file that is read
    for (const name of ['bytes', 'floats']) {
      const { parts } = await openImageSet(at('float-pictures-of-classes', name), { cacheFolder: work })
      const source = parts.train?.images
      if (!source) throw new Error('no training images')
      let [sum, count] = [0, 0]
      let first: number[] | null = null
      for await (const block of pixelBlocks(source)) {
        first ??= Array.from(
          block.subarray(0, right.firstRowOfPicture0.length),
          (v) => v / source.pixels.white,
        )
        for (const value of block) sum += value / source.pixels.white
        count += block.length
      }
      expect(Math.abs(sum / count - right.meanOfWhite)).toBeLessThan(1 / 255)
      right.firstRowOfPicture0.forEach((v, i) =>
        expect(Math.abs(v - (first?.[i] ?? NaN))).toBeLessThan(1 / 255),
      )
    }
  })
})
