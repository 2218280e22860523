import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { encodedImage, writeTree } from '../sample-images.ts'
import type { MadeImages, MakeImages } from './made-images.ts'

type Files = Record<string, Uint8Array>

/** Files with an image of one grey level under each of these names. */
async function images(levels: Readonly<Record<string, number>>, size = 8): Promise<Files> {
  const made = Object.entries(levels).map(async ([name, level]): Promise<[string, Uint8Array]> => [
    name,
    await encodedImage(level, { size }),
  ])
  return Object.fromEntries(await Promise.all(made))
}

const ANIMALS = {
  'train/cat/0.png': 10,
  'train/cat/1.png': 11,
  'train/dog/0.png': 12,
  'val/dog/0.png': 13,
  'test/cat/0.png': 14,
}
const animals: MadeImages = {
  kind: 'image-folder',
  classNames: ['cat', 'dog'],
  parts: {
    train: '0:10 0:11 1:12',
    val: '1:13',
    test: '0:14',
  },
}

const wnids = ['n01440764', 'n01443537']

/** Two classes at severities 1 to 5 of each corruption; the level tells corruption and severity. */
const corrupted = (folders: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    folders.flatMap((folder, c) =>
      [1, 2, 3, 4, 5].flatMap((severity) =>
        wnids.map((id) => [`${folder}/${severity}/${id}/0.png`, 50 * (c + 1) + severity]),
      ),
    ),
  )

/** The same as text, in the order of corruption, severity and class. */
const levelsOf = (corruptions: number): string =>
  Array.from({ length: 5 * corruptions }, (_, i) => 50 * (1 + Math.floor(i / 5)) + 1 + (i % 5))
    .flatMap((level) => [`0:${level}`, `1:${level}`])
    .join(' ')

/** Sets of encoded images. */
export const IMAGE_FOLDERS: Readonly<Record<string, MakeImages>> = {
  animals: async (at) => {
    writeTree(join(at, 'animals'), await images(ANIMALS))
    return animals
  },
  'animals.zip': async (at) => {
    const files = Object.entries(await images(ANIMALS)).map(([name, data]) => [`zoo/${name}`, data] as const)
    writeFileSync(join(at, 'animals.zip'), zipSync(Object.fromEntries(files)))
    return animals
  },
  photographs: async (at) => {
    const files = {
      ...(await images({ 'sea/0.png': 30 }, 12)),
      ...(await images({ 'sun/0.png': 40 }, 20)),
    }
    writeTree(join(at, 'photographs'), files)
    return {
      kind: 'image-folder',
      classNames: ['sea', 'sun'],
      parts: { train: '0:30 1:40' },
    }
  },
  'tiny-imagenet-200': async (at) => {
    writeTree(join(at, 'tiny-imagenet-200'), {
      'wnids.txt': 'n00000002\nn00000001\n',
      'words.txt': 'n00000001\tfish\nn00000002\towl\nn00000003\tother\n',
      ...(await images({
        'train/n00000001/images/n00000001_0.JPEG': 20,
        'train/n00000002/images/n00000002_0.JPEG': 21,
        'val/images/val_0.JPEG': 22,
        'test/images/test_0.JPEG': 23,
      })),
      'val/val_annotations.txt': 'val_0.JPEG\tn00000002\t0\t0\t1\t1\n',
    })
    return {
      kind: 'tiny-imagenet',
      classNames: ['fish', 'owl'],
      parts: { train: '0:20 1:21', val: '1:22' },
    }
  },
  imagenet: async (at) => {
    const train = await images({ 'train/n01440764/a.JPEG': 60, 'train/n01443537/b.JPEG': 61 }, 40)
    writeTree(join(at, 'imagenet'), { ...train, ...(await images({ 'val/n01443537/c.JPEG': 62 }, 50)) })
    return {
      kind: 'imagenet',
      classNames: wnids,
      parts: { train: '0:60 1:61', val: '1:62' },
    }
  },
  'Tiny-ImageNet-C': async (at) => {
    writeTree(join(at, 'Tiny-ImageNet-C'), await images(corrupted(['fog', 'snow'])))
    return { kind: 'corrupted', classNames: wnids, parts: { test: levelsOf(2) } }
  },
  'ImageNet-C': async (at) => {
    const groups = ['blur/defocus_blur', 'noise/gaussian_noise', 'weather/fog']
    writeTree(join(at, 'ImageNet-C'), await images(corrupted(groups)))
    return { kind: 'corrupted', classNames: wnids, parts: { test: levelsOf(3) } }
  },
}
