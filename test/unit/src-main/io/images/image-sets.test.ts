import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import type { LabelledImages } from '../../../../../src-main/engine/types.ts'
import { encodeNpy } from '../../../../../src-main/io/formats/numpy/npy-write.ts'
import { openCorruptedSet } from '../../../../../src-main/io/images/corrupted/corrupted-set.ts'
import { detectImageSet, openImageSet } from '../../../../../src-main/io/images/open-image-set.ts'
import { numpyFiles } from '../../../../support/numpy-files.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { encodedImage, writeTree } from '../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const cacheFolder = join(folder, 'cache')
const at = (name: string): string => join(folder, name)

/** First pixel value of each image. */
async function levels(set: LabelledImages | undefined): Promise<number[]> {
  if (!set) return []
  const { length, height, width, channels } = set.images
  const out = new Uint8Array(length * height * width * channels)
  await set.images.read(
    Array.from({ length }, (_, i) => i),
    out,
  )
  return Array.from({ length }, (_, i) => out[i * height * width * channels] ?? -1)
}

const tinyFiles = async (moved: boolean): Promise<Record<string, Uint8Array | string>> => ({
  'wnids.txt': 'n00000002\nn00000001\n',
  'words.txt': 'n00000001\tfish\nn00000002\towl, bird of prey\nn00000003\tother\n',
  'train/n00000001/images/n00000001_0.JPEG': await encodedImage(10, { grey: true }),
  'train/n00000002/images/n00000002_0.JPEG': await encodedImage(20),
  'train/n00000002/n00000002_boxes.txt': 'x\t0\t0\t1\t1\n',
  'test/images/test_0.JPEG': await encodedImage(5),
  ...(moved
    ? {
        'val/images/n00000002/val_0.JPEG': await encodedImage(40),
        'val/images/n00000001/val_1.JPEG': await encodedImage(30),
      }
    : {
        'val/images/val_0.JPEG': await encodedImage(40),
        'val/images/val_1.JPEG': await encodedImage(30),
        'val/val_annotations.txt': 'val_0.JPEG\tn00000002\t0\t0\t1\t1\nval_1.JPEG\tn00000001\t0\t0\t1\t1\n',
      }),
})

test('TinyImageNet reads alike in its original layout, with moved files and from the zip', async () => {
  writeTree(at('tiny'), await tinyFiles(false))
  writeTree(at('moved'), await tinyFiles(true))
  const members = Object.entries(await tinyFiles(false)).map(([name, data]) => [
    `tiny-imagenet-200/${name}`,
    Buffer.from(data),
  ])
  writeFileSync(at('tiny.zip'), zipSync(Object.fromEntries(members)))
  for (const name of ['tiny', 'moved', 'tiny.zip']) {
    expect(detectImageSet(at(name))).toBe('tiny-imagenet')
    const set = await openImageSet(at(name), { cacheFolder })
    expect(set.classIds).toEqual(['n00000001', 'n00000002'])
    expect(set.classNames).toEqual(['fish', 'owl, bird of prey'])
    expect(set.unlabelled).toBe(1)
    expect([...(set.parts.train?.labels ?? [])]).toEqual([0, 1])
    expect(await levels(set.parts.train)).toEqual([10, 20])
    expect(set.parts.train?.images.channels).toBe(3)
    const validation = (await levels(set.parts.val)).map((level, i) => [level, set.parts.val?.labels[i]])
    expect(validation.sort()).toEqual([
      [30, 0],
      [40, 1],
    ])
  }
})

test('equal images from two places are stored once, and a second opening decodes nothing', async () => {
  const before = readdirSync(cacheFolder)
  expect(before.filter((name) => name.endsWith('.raw'))).toHaveLength(3) // train, val in two orders
  const seen: number[] = []
  await openImageSet(at('tiny'), { cacheFolder, onProgress: (done) => seen.push(done) })
  expect(seen).toEqual([])
  expect(readdirSync(cacheFolder)).toEqual(before)
})

test('an image without an annotation is named', async () => {
  writeTree(at('gap'), { ...(await tinyFiles(false)), 'val/val_annotations.txt': 'val_0.JPEG\tn00000002\n' })
  const { path, message } = await problemOf(() => openImageSet(at('gap'), { cacheFolder }))
  expect(path).toBe(`${at('gap/val/val_annotations.txt')}, val_1.JPEG`)
  expect(message).toBe('has no line with a class of wnids.txt.')
})

test('broken, empty and odd-sized images are all named in one error', async () => {
  const good = await encodedImage(1)
  writeTree(at('broken'), {
    'a/1.png': good,
    'a/2.png': 'no image',
    'a/3.jpg': '',
    'b/4.png': good.subarray(0, 40),
    'b/5.png': await encodedImage(2, { size: 9 }),
  })
  const before = readdirSync(cacheFolder)
  const error = await openImageSet(at('broken'), { cacheFolder }).then(
    () => null,
    (e: Error) => e,
  )
  const lines = String(error?.message).split('\n')
  expect(lines).toHaveLength(4)
  expect(lines[0]).toContain(`${at('broken/a/2.png')}: the image cannot be decoded`)
  expect(lines[1]).toContain(`${at('broken/a/3.jpg')}, byte 0: the file is empty.`)
  expect(lines[3]).toContain('is 9 x 9, the first image is 8 x 8.')
  expect(readdirSync(cacheFolder)).toEqual(before)
})

test('ImageNet with val/images and an ordinary ImageFolder, resized to one size', async () => {
  writeTree(at('imagenet'), {
    'train/n00000001/a.JPEG': await encodedImage(1, { size: 16 }),
    'train/n00000002/b.JPEG': await encodedImage(2, { size: 20 }),
    'val/images/n00000002/c.JPEG': await encodedImage(3, { size: 12 }),
  })
  expect(detectImageSet(at('imagenet'))).toBe('imagenet')
  const set = await openImageSet(at('imagenet'), {
    cacheFolder,
    fit: { kind: 'shorter-side', resize: 10, crop: 8 },
  })
  expect(set.parts.val).toMatchObject({
    labels: Int32Array.of(1),
    images: { length: 1, height: 8, width: 8 },
  })
  expect(await levels(set.parts.train)).toEqual([1, 2])
  writeTree(at('plain'), {
    'dog/1.png': await encodedImage(7),
    'cat/1.webp': await encodedImage(9),
    'notes.txt': 'x',
  })
  const plain = await openImageSet(at('plain'), { cacheFolder })
  expect(plain).toMatchObject({ kind: 'image-folder', classNames: ['cat', 'dog'] })
  expect(await levels(plain.parts.train)).toEqual([9, 7])
})

const cifarRecord = (labels: number[], level: number): Uint8Array => {
  const planes = new Uint8Array(3072)
  for (let c = 0; c < 3; c++) planes.fill(level + c, c * 1024, (c + 1) * 1024)
  return Uint8Array.from([...labels, ...planes])
}

test('CIFAR binary batches interleave their colour planes; CIFAR-100 takes the fine label', async () => {
  writeTree(at('cifar'), {
    'batches.meta.txt': 'airplane\nautomobile\n\n',
    'data_batch_1.bin': cifarRecord([1], 50),
    'data_batch_2.bin': cifarRecord([0], 60),
    'test_batch.bin': cifarRecord([1], 70),
  })
  const set = await openImageSet(at('cifar'), { cacheFolder })
  expect(set).toMatchObject({ kind: 'cifar-10', classNames: ['airplane', 'automobile'] })
  expect([...(set.parts.train?.labels ?? [])]).toEqual([1, 0])
  const pixel = new Uint8Array(3072)
  await set.parts.test?.images.read([0], pixel)
  expect([...pixel.subarray(0, 6)]).toEqual([70, 71, 72, 70, 71, 72])
  writeTree(at('cifar100'), { 'fine_label_names.txt': 'apple\nbee\n', 'train.bin': cifarRecord([9, 1], 3) })
  expect((await openImageSet(at('cifar100'), { cacheFolder })).parts.train?.labels).toEqual(Int32Array.of(1))
  writeTree(at('cut'), { 'batches.meta.txt': 'a\n', 'test_batch.bin': cifarRecord([0], 1).subarray(0, 3000) })
  expect((await problemOf(() => openImageSet(at('cut'), { cacheFolder }))).message).toContain(
    'no multiple of 3073',
  )
})

test('the "python version" archives of CIFAR read without Python, with bytes or text as keys', async () => {
  const file = (name: string): Uint8Array => numpyFiles.cifar.get(name) ?? new Uint8Array(0)
  writeTree(at('cifar-10-batches-py'), {
    data_batch_1: file('data_batch_1'),
    'batches.meta': file('batches.meta'),
  })
  writeTree(at('cifar-100-python'), { train: file('train'), meta: file('meta') })
  const ten = await openImageSet(at('cifar-10-batches-py'), { cacheFolder })
  expect(ten).toMatchObject({ kind: 'cifar-10', classNames: ['airplane', 'automobile'] })
  const pixels = new Uint8Array(3072)
  await ten.parts.train?.images.read([0], pixels)
  expect([...pixels.subarray(0, 4)]).toEqual([10, 20, 30, 10])
  const hundred = await openImageSet(at('cifar-100-python'), { cacheFolder })
  expect([hundred.kind, hundred.classNames, hundred.parts.train?.labels]).toEqual([
    'cifar-100',
    ['apple', 'bee'],
    Int32Array.of(0, 1),
  ])
})

const idx = (shape: number[], values: number[]): Uint8Array =>
  Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((n) => [0, 0, 0, n]), ...values])

test('IDX folders, gzipped or not, name their classes', async () => {
  writeTree(at('fashion-mnist'), {
    'train-images-idx3-ubyte.gz': gzipSync(idx([2, 1, 2], [1, 2, 3, 4])),
    'train-labels-idx1-ubyte.gz': gzipSync(idx([2], [9, 0])),
    't10k-images-idx3-ubyte': idx([1, 1, 2], [5, 6]),
    't10k-labels-idx1-ubyte': idx([1], [3]),
  })
  const set = await openImageSet(at('fashion-mnist'), { cacheFolder })
  expect(set.parts.train?.labels).toEqual(Int32Array.of(9, 0))
  expect(set.classNames[9]).toBe('ankle boot')
  expect(await levels(set.parts.test)).toEqual([5])
  writeTree(at('half'), {
    'train-images-idx3-ubyte': idx([1, 1, 1], [1]),
    'train-labels-idx1-ubyte': idx([2], [1, 1]),
  })
  expect((await problemOf(() => openImageSet(at('half'), { cacheFolder }))).message).toMatch(
    /^has 2 labels, .* has 1 images\.$/,
  )
})

test('pairs of NumPy arrays, as files or in one npz', async () => {
  const x = encodeNpy(Uint8Array.of(1, 2, 3, 4), [2, 1, 2])
  const y = encodeNpy(Int32Array.of(0, 1), [2, 1])
  writeTree(at('numpy'), { 'x_train.npy': x, 'y_train.npy': y })
  writeTree(at('npz'), { 'digits.npz': zipSync({ 'x_train.npy': x, 'y_train.npy': y }) })
  for (const name of ['numpy', 'npz']) {
    const set = await openImageSet(at(name), { cacheFolder })
    expect(set).toMatchObject({ kind: 'numpy', classNames: ['0', '1'] })
    expect(await levels(set.parts.train)).toEqual([1, 3])
  }
})

test('SVHN arrays turn from column order and the label 10 into 0', async () => {
  writeTree(at('svhn'), { 'train_32x32.mat': numpyFiles.mat5.get('compressed') ?? '' })
  const { train } = (await openImageSet(at('svhn'), { cacheFolder })).parts
  expect(train?.labels).toEqual(Int32Array.of(0, 1))
  const pixels = new Uint8Array(12)
  await train?.images.read([1], pixels)
  expect([...pixels]).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]) // X[y, x, c, n] = ((y 2 + x) 3 + c) 2 + n
})

test('an unknown folder says what is expected, a missing one that it is missing', async () => {
  writeTree(at('unknown'), { 'a.txt': 'x' })
  expect((await problemOf(() => openImageSet(at('unknown'), { cacheFolder }))).message).toBe(
    'no known layout of an image set.',
  )
  expect((await problemOf(() => openImageSet(at('nowhere'), { cacheFolder }))).code).toBe('file-missing')
})

test('corrupted sets: folders, CIFAR-C arrays and MNIST-C', async () => {
  const clean = { classIds: ['a', 'b'], classNames: ['A', 'B'], cacheFolder }
  writeTree(at('set-C'), { 'fog/1/b/x.png': await encodedImage(11), 'fog/5/a/x.png': await encodedImage(55) })
  const set = await openCorruptedSet(at('set-C'), clean)
  expect([...set.keys()]).toEqual(['fog'])
  expect(set.get('fog')?.get(1)?.labels).toEqual(Int32Array.of(1))
  expect(await levels(set.get('fog')?.get(5))).toEqual([55])
  writeTree(at('cifar-C'), {
    'fog.npy': encodeNpy(
      Uint8Array.from({ length: 30 }, (_, i) => i),
      [10, 1, 1, 3],
    ),
    'labels.npy': encodeNpy(
      Uint8Array.from({ length: 10 }, (_, i) => i % 2),
      [10],
    ),
  })
  const cifar = await openCorruptedSet(at('cifar-C'), clean)
  expect(await levels(cifar.get('fog')?.get(2))).toEqual([6, 9])
  expect(cifar.get('fog')?.get(2)?.labels).toEqual(Int32Array.of(0, 1))
  writeTree(at('mnist-C'), {
    'spatter/test_images.npy': encodeNpy(Uint8Array.of(8), [1, 1, 1, 1]),
    'spatter/test_labels.npy': encodeNpy(Int32Array.of(1), [1]),
  })
  expect(await levels((await openCorruptedSet(at('mnist-C'), clean)).get('spatter')?.get(1))).toEqual([8])
  expect(
    (await problemOf(() => openCorruptedSet(at('set-C'), { ...clean, classIds: ['z'] }))).message,
  ).toContain('not among those of the clean set')
})
