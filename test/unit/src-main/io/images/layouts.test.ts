import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { encodeNpy } from '../../../../../src-main/io/formats/numpy/npy-write.ts'
import { openCorruptedSet } from '../../../../../src-main/io/images/corrupted/corrupted-set.ts'
import type { ImageSet } from '../../../../../src-main/io/images/sources/image-set.ts'
import { detectImageSet, openImageSet } from '../../../../../src-main/io/images/open-image-set.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { encodedImage, writeTree } from '../../../../support/sample-images.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
const cacheFolder = join(root, 'cache')
const png = await encodedImage(90)

/** A folder with the same image under each of these names; a string stands for its own content. */
function folderOf(name: string, files: readonly (string | readonly [string, Uint8Array | string])[]): string {
  writeTree(
    join(root, name),
    Object.fromEntries(files.map((file) => (typeof file === 'string' ? [file, png] : file))),
  )
  return join(root, name)
}

const open = (path: string): Promise<ImageSet> => openImageSet(path, { cacheFolder })
const lines = (set: ImageSet): string[][] =>
  set.left.map(({ kind, name, severity }) => [kind, name, severity])
const counts = (set: ImageSet): Record<string, number> =>
  Object.fromEntries(Object.entries(set.parts).map(([part, { labels }]) => [part, labels.length]))

describe('folders of classes', () => {
  test.each([
    ['Train', 'Val', 'val'],
    ['TRAINING', 'Valid', 'val'],
    ['train', 'validation', 'val'],
    ['train', 'dev', 'val'],
    ['train', 'eval', 'val'],
    ['Training', 'testing', 'test'],
  ])('%s and %s are parts', async (train, other, part) => {
    const path = folderOf(`${train}-${other}`, [
      `${train}/a/0.png`,
      `${train}/b/0.png`,
      `${other}/a/1.png`,
      `${other}/b/1.png`,
    ])
    const set = await open(path)
    expect([set.classIds, counts(set), set.left]).toEqual([['a', 'b'], { train: 2, [part]: 2 }, []])
  })

  test('a class may be called train', async () => {
    const set = await open(folderOf('vehicles', ['bus/0.png', 'car/0.png', 'train/0.png']))
    expect([set.classIds, counts(set)]).toEqual([['bus', 'car', 'train'], { train: 3 }])
  })

  test('a flat part and a part under an unknown name are errors', async () => {
    const set = await open(
      folderOf('flat', ['train/a/0.png', 'train/b/0.png', 'val/0.png', 'holdout/a/0.png']),
    )
    expect(lines(set)).toEqual([
      ['split', 'val', 'error'],
      ['folder', 'holdout', 'error'],
    ])
    const allFlat = folderOf('all-flat', ['train/0.png', 'test/0.png'])
    expect(await problemOf(() => open(allFlat))).toMatchObject({ path: `${allFlat}, test` })
  })

  test('two folders named after one part are refused', async () => {
    const path = folderOf('twice', ['train/a/0.png', 'val/a/0.png', 'valid/a/0.png'])
    expect((await problemOf(() => open(path))).message).toMatch(/named after the part "val"/)
  })

  test('images in any case and as .gif and .jfif count', async () => {
    const pixels = sharp(Buffer.alloc(192, 90), { raw: { width: 8, height: 8, channels: 3 } })
    const set = await open(
      folderOf('endings', [
        'ant/0.PNG',
        ['bee/0.gif', await pixels.clone().gif().toBuffer()],
        ['cow/0.JFIF', await pixels.clone().jpeg().toBuffer()],
      ]),
    )
    expect([set.classIds, counts(set), set.left]).toEqual([['ant', 'bee', 'cow'], { train: 3 }, []])
  })

  test('a class without an image that can be read keeps its label and is an error', async () => {
    const path = folderOf('lost', ['ant/0.png', ['bee/0.heic', 'x'], 'cow/0.png', ['papers/a.txt', 'x']])
    mkdirSync(join(path, 'bat'))
    const set = await open(path)
    expect(set.classIds).toEqual(['ant', 'bat', 'bee', 'cow'])
    expect([...(set.parts.train?.labels ?? [])]).toEqual([0, 3])
    expect(lines(set)).toEqual([
      ['class', 'bee', 'error'],
      ['class', 'bat', 'error'],
      ['file', 'bee/0.heic', 'warning'],
      ['file', 'papers/a.txt', 'note'],
    ])
    expect(set.left[0]?.reason).toContain('.heic')
  })

  test('nested folders, missing classes, stray and hidden files are told', async () => {
    const set = await open(
      folderOf('strays', [
        'train/a/cat/0.png',
        'train/b/0.png',
        'test/a/0.png',
        'stray.png',
        ['labels.csv', 'x'],
        ['Thumbs.db', 'x'],
        ['train/b/.DS_Store', 'x'],
      ]),
    )
    expect(lines(set)).toEqual([
      ['class', 'b', 'warning'],
      ['folder', 'a/cat', 'warning'],
      ['file', 'stray.png', 'warning'],
      ['file', 'labels.csv', 'warning'],
      ['file', 'Thumbs.db, train/b/.DS_Store', 'note'],
    ])
  })

  test('a zip with backslashes and a folder around the classes is read', async () => {
    const path = join(root, 'winzip.zip')
    writeFileSync(path, zipSync({ 'set\\a\\0.png': png, 'set\\a\\1.png': png, 'set\\b\\0.png': png }))
    const set = await open(path)
    expect([set.classIds, counts(set)]).toEqual([['a', 'b'], { train: 3 }])
  })

  test.skipIf(process.platform !== 'linux')('a name that is no UTF-8 is told as such', async () => {
    const path = folderOf('latin', ['a/0.png', 'b/0.png'])
    mkdirSync(Buffer.concat([Buffer.from(`${path}/caf`), Buffer.of(0xe9)]))
    const problem = await problemOf(() => open(path))
    expect(problem.message).toMatch(/not written in UTF-8/)
    expect(problem.path).toContain('caf')
  })

  test('a truncated JPEG is named', async () => {
    const noise = Buffer.from(Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251))
    const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer()
    const path = folderOf('cut', [['a/0.jpg', jpeg.subarray(0, jpeg.length / 2)]])
    expect((await problemOf(() => open(path))).path).toBe(join(path, 'a', '0.jpg'))
  })
})

describe('corrupted sets', () => {
  const levels = (corruption: string, most = 5): string[] =>
    Array.from({ length: most }, (_, i) =>
      ['n01440764', 'n01443537'].map((id) => `${corruption}/${i + 1}/${id}/0.png`),
    ).flat()

  test('as ImageNet-C comes unpacked, with groups above the corruptions', async () => {
    const path = folderOf('grouped', [...levels('blur/defocus_blur'), ...levels('noise/gaussian_noise')])
    expect(detectImageSet(path)).toBe('corrupted')
    const set = await open(path)
    expect([set.classIds, counts(set), set.left]).toEqual([['n01440764', 'n01443537'], { test: 20 }, []])
    expect(set.notes?.[0]?.value).toBe('2: defocus_blur, gaussian_noise')
    const { classIds } = set
    const found = await openCorruptedSet(path, { cacheFolder, classIds, classNames: classIds })
    expect([...found].map(([name, own]) => [name, ...own.keys()])).toEqual([
      ['defocus_blur', 1, 2, 3, 4, 5],
      ['gaussian_noise', 1, 2, 3, 4, 5],
    ])
  })

  test('a sixth severity and an extra folder are left out by name', async () => {
    const set = await open(folderOf('sixth', [...levels('fog', 6), 'extra/a/0.png']))
    expect([set.classIds, counts(set)]).toEqual([['n01440764', 'n01443537'], { test: 10 }])
    expect(lines(set)).toEqual([
      ['folder', 'fog/6', 'warning'],
      ['folder', 'extra', 'warning'],
    ])
  })

  test('corruptions without class folders are refused, never taken for classes', async () => {
    const path = folderOf('no-classes', ['fog/1/0.png', 'snow/1/0.png'])
    expect((await problemOf(() => open(path))).message).toMatch(/no folder of a class/)
  })

  test('arrays with a missing file, and without labels', async () => {
    const array = encodeNpy(new Uint8Array(10 * 4 * 4 * 3), [10, 4, 4, 3])
    const labels = encodeNpy(
      Uint8Array.from({ length: 10 }, (_, i) => i % 2),
      [10],
    )
    const set = await open(
      folderOf('arrays-c', [
        ['snow.npy', array],
        ['labels.npy', labels],
      ]),
    )
    expect(counts(set)).toEqual({ test: 10 })
    expect(set.left[0]).toMatchObject({ severity: 'warning', count: 14 })
    const bare = folderOf('no-labels-c', [
      ['snow.npy', array],
      ['fog.npy', array],
    ])
    expect(await problemOf(() => open(bare))).toMatchObject({ path: join(bare, 'labels.npy') })
  })
})

describe('arrays', () => {
  const images = (n: number): Uint8Array => encodeNpy(new Uint8Array(n * 16), [n, 4, 4])
  const labels = (n: number): Uint8Array =>
    encodeNpy(
      Uint8Array.from({ length: n }, (_, i) => i % 4),
      [n, 1],
    )

  test('one file a part', async () => {
    const path = folderOf('twonpz', [
      ['train.npz', zipSync({ 'x.npy': images(24), 'y.npy': labels(24) })],
      ['test.npz', zipSync({ 'x.npy': images(8), 'y.npy': labels(8) })],
    ])
    const set = await open(path)
    expect([counts(set), set.classNames.length, set.left]).toEqual([{ train: 24, test: 8 }, 4, []])
  })

  test('medmnist and mnist.npz by themselves', async () => {
    const path = join(root, 'MedMnist.NPZ')
    const parts = ['train', 'val', 'test'].flatMap((part, i) => [
      [`${part}_images.npy`, images(4 * (3 - i))] as const,
      [`${part}_labels.npy`, labels(4 * (3 - i))] as const,
    ])
    writeFileSync(path, zipSync(Object.fromEntries(parts)))
    expect(counts(await open(path))).toEqual({ train: 12, val: 8, test: 4 })
    const mnist = join(root, 'mnist.npz')
    writeFileSync(
      mnist,
      zipSync({
        'x_train.npy': images(8),
        'y_train.npy': labels(8),
        'x_test.npy': images(4),
        'y_test.npy': labels(4),
      }),
    )
    expect(counts(await open(mnist))).toEqual({ train: 8, test: 4 })
  })

  test('half a pair is a lost part, other arrays are named, doubled ones are refused', async () => {
    const set = await open(
      folderOf('half', [
        ['training_images.npy', images(8)],
        ['training_labels.npy', labels(8)],
        ['test_images.npy', images(4)],
        ['mask.npy', images(4)],
      ]),
    )
    expect(counts(set)).toEqual({ train: 8 })
    expect(lines(set)).toEqual([
      ['split', 'test_images', 'error'],
      ['array', 'mask', 'warning'],
    ])
    const doubled = folderOf('doubled', [
      ['x_train.npy', images(8)],
      ['train_images.npy', images(8)],
      ['y_train.npy', labels(8)],
    ])
    expect((await problemOf(() => open(doubled))).message).toMatch(/both are named after the images/)
  })
})

const cases = sharedPath('cases')
describe.skipIf(cases === null)('the reported cases', () => {
  const at = (...parts: string[]): string => join(cases ?? '', ...parts)
  test('labels and parts are those of the files', async () => {
    const gif = await open(at('parts-left-out', 'gifclass'))
    expect([gif.classIds, counts(gif)]).toEqual([['ant', 'bee', 'cow'], { train: 9 }])
    const two = await open(at('parts-left-out', 'twonpz'))
    expect([counts(two), two.classNames.length]).toEqual([{ train: 24, test: 8 }, 4])
    const upper = await open(at('axes-and-ids', 'Upper'))
    expect([upper.classIds, counts(upper)]).toEqual([['a', 'b'], { train: 4, val: 4 }])
    const zip = await open(at('files-of-other-programs', 'winzip.zip'))
    expect([zip.classIds, counts(zip)]).toEqual([['a', 'b'], { train: 4 }])
    const grouped = await open(at('corruption-folders', 'grouped'))
    expect([grouped.kind, grouped.classIds, counts(grouped)]).toEqual([
      'corrupted',
      ['n01440764', 'n01443537'],
      { test: 20 },
    ])
  })
})
