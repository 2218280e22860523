import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { ImageSource, LabelledImages } from '../../../../../src-main/engine/types.ts'
import { openTree } from '../../../../../src-main/io/formats/zip/file-tree.ts'
import { openCorruptedSet } from '../../../../../src-main/io/images/corrupted/corrupted-set.ts'
import { imageEntries } from '../../../../../src-main/io/images/sources/image-entry.ts'
import { openImageSet } from '../../../../../src-main/io/images/open-image-set.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const cacheFolder = `${folder}/cache`

async function allPixels(images: ImageSource): Promise<Uint8Array> {
  const out = new Uint8Array(images.length * images.height * images.width * images.channels)
  await images.read(
    Uint32Array.from({ length: images.length }, (_, i) => i),
    out,
  )
  return out
}

/** Mean of each of three channels. */
function channelMeans(pixels: Uint8Array): number[] {
  const sums = [0, 0, 0]
  for (let i = 0; i < pixels.length; i++) sums[i % 3] = (sums[i % 3] ?? 0) + (pixels[i] ?? 0)
  return sums.map((sum) => sum / (pixels.length / 3))
}

/** Number of single-channel files among the images whose names start with `prefix`. */
async function greyFiles(path: string, prefix: string): Promise<number> {
  const tree = openTree(path)
  const found = imageEntries(tree, (name) => name.startsWith(prefix))
  const channels = await Promise.all(
    found.map(async ({ entry }) => (await sharp(entry.read()).metadata()).channels),
  )
  return channels.filter((count) => count === 1).length
}

const tiny = sharedPath('data/tiny-imagenet-200')

test('the 30 TinyImageNet classes: counts, order, grey images and means', async ({ skip }) => {
  if (!tiny) return skip('the real data are not beside this checkout')
  const set = await openImageSet(tiny, { cacheFolder })
  expect([set.parts.train?.images.length, set.parts.val?.images.length, set.unlabelled]).toEqual([
    9000, 1500, 100,
  ])
  expect(set.classIds).toHaveLength(30)
  expect([...set.classIds].sort()).toEqual(set.classIds)
  expect(set.classNames[set.classIds.indexOf('n01443537')]).toBe('goldfish, Carassius auratus')
  for (const part of ['train', 'val'] as const) {
    const counts = new Int32Array(30)
    set.parts[part]?.labels.forEach((label) => (counts[label] = (counts[label] ?? 0) + 1))
    expect(new Set(counts)).toEqual(new Set([part === 'train' ? 300 : 50]))
  }
  const train = await allPixels(set.parts.train?.images as ImageSource)
  const means = channelMeans(train)
  expect(means[0]).toBeCloseTo(117.3, 1)
  expect(means[1]).toBeCloseTo(111.5, 1)
  expect(means[2]).toBeCloseTo(98.8, 1)
  expect([await greyFiles(tiny, 'train/'), await greyFiles(tiny, 'val/')]).toEqual([132, 17])
  expect([set.parts.train?.images.channels, set.parts.val?.images.channels]).toEqual([3, 3])
})

test('CIFAR-10: the folders hold the images of the binary batches, pixel by pixel', async ({ skip }) => {
  const root = sharedPath('data/cifar-10')
  if (!root) return skip('the real data are not beside this checkout')
  const binary = await openImageSet(`${root}/cifar-10-batches-bin`, { cacheFolder })
  const folders = await openImageSet(`${root}/cifar-10-images`, { cacheFolder })
  expect([binary.parts.train?.images.length, binary.parts.test?.images.length]).toEqual([5000, 1000])
  expect([folders.parts.train?.images.length, folders.parts.test?.images.length]).toEqual([2000, 1000])
  expect(folders.classNames).toEqual(binary.classNames)
  for (const part of ['train', 'test'] as const) {
    const known = await labelsByPixels(binary.parts[part] as LabelledImages)
    const inFolders = await labelsByPixels(folders.parts[part] as LabelledImages)
    for (const [pixels, label] of inFolders) expect(known.get(pixels)).toBe(label)
  }
  const means = channelMeans(await allPixels(binary.parts.train?.images as ImageSource)).map(
    (mean) => mean / 255,
  )
  expect(means.map((mean) => Number(mean.toFixed(3)))).toEqual([0.491, 0.481, 0.444])
})

async function labelsByPixels(set: LabelledImages): Promise<Map<string, number>> {
  const pixels = await allPixels(set.images)
  const each = pixels.length / set.images.length
  return new Map(
    Array.from(set.labels, (label, i) => [
      Buffer.from(pixels.subarray(i * each, (i + 1) * each)).toString('latin1'),
      label,
    ]),
  )
}

test('the Tiny-ImageNet-C sample: 19 corruptions x 5 severities x 20 images', async ({ skip }) => {
  const root = sharedPath('data/tiny-imagenet-c_sample')
  if (!root || !tiny) return skip('the real data are not beside this checkout')
  const { classIds, classNames } = await openImageSet(tiny, { cacheFolder, parts: ['val'] })
  const set = await openCorruptedSet(root, { cacheFolder, classIds, classNames })
  expect(set.size).toBe(19)
  for (const levels of set.values()) {
    expect([...levels.keys()]).toEqual([1, 2, 3, 4, 5])
    for (const level of levels.values())
      expect(level.images).toMatchObject({ length: 20, height: 64, width: 64 })
  }
})
