import { statSync } from 'node:fs'
import type { ImageSource, LabelledImages } from '../../../engine/types.ts'
import { bytesSource, withFile } from '../../formats/base/byte-source.ts'
import { type FileTree, foldersIn, openTree, subtree } from '../../formats/zip/file-tree.ts'
import { type NpyHeader, decodeNpy, readNpyHeader, readNpyRows } from '../../formats/numpy/npy.ts'
import { invalidFile, missingFile } from '../../formats/base/problem.ts'
import { corruptedForm, levelFolders, SEVERITIES } from './corrupted-layout.ts'
import { type DecodeOptions, decodedImages } from '../sources/decoded-images.ts'
import { imageEntries } from '../sources/image-entry.ts'
import { type ImageSize, memoryImages } from '../sources/memory-images.ts'
import { labelledArrays } from '../arrays/numpy-set.ts'
import { imagesInFile } from '../sources/raw-file-images.ts'

/** corruption -> severity 1..5 -> images. */
export type CorruptedSet = ReadonlyMap<string, ReadonlyMap<number, LabelledImages>>

export interface CorruptedOptions extends DecodeOptions {
  /** Class ids in label order of the clean set: folders must be among them. */
  readonly classIds: readonly string[]
  readonly classNames: readonly string[]
  /** Only these corruptions. */
  readonly corruptions?: readonly string[]
}

/** Opens a corrupted set: `<corruption>/<1..5>/<class>/*` folders, CIFAR-C arrays, or MNIST-C folders of arrays. */
export async function openCorruptedSet(path: string, options: CorruptedOptions): Promise<CorruptedSet> {
  const tree = openTree(path)
  try {
    return await openCorruptedTree(tree, options)
  } finally {
    tree.close()
  }
}

/** The same of a tree that is open already. */
export async function openCorruptedTree(tree: FileTree, options: CorruptedOptions): Promise<CorruptedSet> {
  switch (corruptedForm(tree)) {
    case 'cifar-c':
      return cifarC(tree, options)
    case 'mnist-c':
      return mnistC(tree, options)
    default:
      return folders(tree, options)
  }
}

const wanted = (names: readonly string[], options: CorruptedOptions): string[] =>
  names.filter((name) => !options.corruptions || options.corruptions.includes(name))

async function folders(tree: FileTree, options: CorruptedOptions): Promise<CorruptedSet> {
  const index = new Map(options.classIds.map((id, i) => [id, i]))
  const set = new Map<string, Map<number, LabelledImages>>()
  const { levels } = levelFolders(tree)
  for (const { corruption, severity, folder } of levels) {
    if (options.corruptions && !options.corruptions.includes(corruption)) continue
    const own = set.get(corruption) ?? new Map<number, LabelledImages>()
    if (own.has(severity))
      throw invalidFile(
        tree.pathOf(folder),
        null,
        `the corruption "${corruption}" is there twice.`,
        'Keep one of the two folders.',
      )
    own.set(severity, await readLevel(subtree(tree, folder), index, options))
    set.set(corruption, own)
  }
  if (set.size === 0)
    throw invalidFile(
      tree.root,
      null,
      'holds no corruption folders with severities 1 to 5.',
      'Choose the folder above gaussian_noise, fog and so on.',
    )
  return set
}

async function readLevel(
  tree: FileTree,
  index: ReadonlyMap<string, number>,
  options: CorruptedOptions,
): Promise<LabelledImages> {
  const found = imageEntries(tree)
  const labels = found.map(({ name }) => {
    const label = index.get(name.split('/')[0] ?? '')
    if (label === undefined)
      throw invalidFile(
        tree.pathOf(name),
        null,
        name.includes('/')
          ? 'its class is not among those of the clean set.'
          : 'lies in no folder of a class, so it has no label.',
        name.includes('/')
          ? 'Choose the corrupted version of the same set.'
          : 'Put it into the folder of its class.',
      )
    return label
  })
  const source = await decodedImages(
    found.map(({ entry }) => entry),
    options,
  )
  return { images: source, labels: Int32Array.from(labels), classNames: options.classNames }
}

/** Names of the corruptions of a set of arrays. */
export const arrayNames = (tree: FileTree): string[] =>
  tree.files
    .map((file) => file.name)
    .filter((name) => name.endsWith('.npy') && name !== 'labels.npy' && !name.includes('/'))
    .map((name) => name.slice(0, -'.npy'.length))

/** `<corruption>.npy` uint8 [5 n, 32, 32, 3], five blocks in order of severity; `labels.npy` [5 n]. Pixels stay on disk. */
function cifarC(tree: FileTree, options: CorruptedOptions): CorruptedSet {
  const names = arrayNames(tree)
  if (!tree.has('labels.npy'))
    throw missingFile(
      tree.pathOf('labels.npy'),
      'is missing beside the arrays of the corruptions.',
      'Copy it from the published set: without it the images have no labels.',
    )
  const labels = decodeNpy(tree.read('labels.npy'), tree.pathOf('labels.npy')).values
  const set = new Map<string, Map<number, LabelledImages>>()
  for (const name of wanted(names, options)) {
    const path = tree.pathOf(`${name}.npy`)
    const { header, level: levelOf } = openLevels(tree, `${name}.npy`)
    const [total = 0, height = 0, width = 0, channels = 0] = header.shape
    const count = total / SEVERITIES.length
    if (
      header.shape.length !== 4 ||
      header.dtype.kind !== 'u' ||
      header.dtype.bytes !== 1 ||
      !Number.isInteger(count) ||
      labels.length < total
    )
      throw invalidFile(
        path,
        null,
        `expected bytes of shape (5 n, h, w, 3) with 5 n labels, got (${header.shape.join(', ')}).`,
      )
    const levels = new Map<number, LabelledImages>()
    for (let level = 0; level < SEVERITIES.length; level++) {
      const numbers = Array.from({ length: count }, (_, i) => Number(labels[level * count + i]))
      levels.set(level + 1, {
        images: levelOf(level * count, count, { height, width, channels }),
        labels: Int32Array.from(numbers),
        classNames: options.classNames,
      })
    }
    set.set(name, levels)
  }
  return set
}

interface Levels {
  readonly header: NpyHeader
  /** Images `first` to `first + count`. */
  level(first: number, count: number, size: ImageSize): ImageSource
}

/** A file of a folder is read image by image; a member of an archive, or columns-first order, is held in memory. */
function openLevels(tree: FileTree, name: string): Levels {
  const path = tree.pathOf(name)
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return levelsInMemory(tree, name)
  const header = withFile(path, readNpyHeader)
  if (header.fortranOrder) return levelsInMemory(tree, name)
  return {
    header,
    level: (first, length, size) => {
      const each = size.height * size.width * size.channels
      return imagesInFile(path, { first: header.dataStart + first * each, length }, size)
    },
  }
}

function levelsInMemory(tree: FileTree, name: string): Levels {
  const source = bytesSource(tree.pathOf(name), tree.read(name))
  const header = readNpyHeader(source)
  return {
    header,
    level: (first, count, size) =>
      memoryImages(readNpyRows(source, header, first, count) as Uint8Array, size), // bytes were asked for
  }
}

/** `<corruption>/test_images.npy` and `test_labels.npy`: one strength each, called severity 1. */
function mnistC(tree: FileTree, options: CorruptedOptions): CorruptedSet {
  const set = new Map<string, Map<number, LabelledImages>>()
  for (const corruption of wanted(foldersIn(tree), options)) {
    const [images, labels] = [`${corruption}/test_images.npy`, `${corruption}/test_labels.npy`]
    if (!tree.has(images) || !tree.has(labels)) continue
    const paths = { images: tree.pathOf(images), labels: tree.pathOf(labels) }
    const part = labelledArrays(
      decodeNpy(tree.read(images), paths.images),
      decodeNpy(tree.read(labels), paths.labels),
      paths,
    )
    set.set(corruption, new Map([[1, { ...part, classNames: options.classNames }]]))
  }
  return set
}
