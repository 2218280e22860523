import { keysOf } from '../../../../src-shared/util/entries-of.ts'
import type { LabelledImages } from '../../../engine/types.ts'
import type { FileTree } from '../../formats/zip/file-tree.ts'
import { decodeNpy, type NpyArray } from '../../formats/numpy/npy.ts'
import { bytesSource } from '../../formats/base/byte-source.ts'
import { openZip } from '../../formats/zip/zip.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { FoundSet, ImageSetReader, OpenImageSetOptions, PartName } from '../sources/image-set.ts'
import { dtypeName } from '../../formats/numpy/numpy-dtype.ts'
import { memoryImages } from '../sources/memory-images.ts'
import { arrayPairs, type NamedArray } from './numpy-pairs.ts'
import { PART_NAMES, partOfName } from '../sources/part-names.ts'
import {
  type StatedPixels,
  type StoredPixels,
  typedPixels,
  type TypedPixels,
} from '../sources/typed-pixels.ts'

/** Pairs of arrays, images [n, h, w(, c)] and labels [n], as .npy files, inside an .npz, or one .npz for each part. */
export const numpySet: ImageSetReader = {
  kind: 'numpy',
  detect: (tree) => {
    const arrays = arraysOf(tree)
    const isRecording = arrays.some(({ name }) => /^(responses?|spikes|rates)$/i.test(name))
    return arrays.length > 0 && !isRecording && Object.keys(arrayPairs(arrays, tree.root).pairs).length > 0
  },
  open: (tree, options) => Promise.resolve(openNumpy(tree, options)),
}

/** The .npy files of the folder, and the members of each .npz in it. */
function arraysOf(tree: FileTree): NamedArray[] {
  return tree.files.flatMap(({ name: file }): NamedArray[] => {
    if (file.includes('/')) return []
    const path = tree.pathOf(file)
    if (/\.npy$/i.test(file)) return [{ name: stem(file), part: null, path, read: () => tree.read(file) }]
    if (!/\.npz$/i.test(file)) return []
    const zip = openZip(bytesSource(path, tree.read(file)))
    const part = partOfName(stem(file))
    return zip.entries.map(({ name }) => ({
      name: stem(name),
      part,
      path: `${path}, ${stem(name)}`,
      read: () => zip.read(name),
    }))
  })
}

const stem = (name: string): string => name.replace(/\.np[yz]$/i, '')

function openNumpy(tree: FileTree, options: OpenImageSetOptions): FoundSet {
  const { pairs, left, conflict } = arrayPairs(arraysOf(tree), tree.root)
  if (conflict) throw conflict
  const found = PART_NAMES.flatMap((part) => {
    const pair = pairs[part]
    return pair ? [{ part, pair, images: decodeNpy(pair.images.read(), pair.images.path) }] : []
  })
  // White is one for the whole set: a part that is not wanted is read for its values.
  const stored = found.map(({ pair, images }) => storedPixels(images, pair.images.path))
  const pixels = typedPixels(stored, options.stated)
  const parts: Partial<Record<PartName, LabelledImages>> = {}
  let classes = 0
  for (const [i, { part, pair, images }] of found.entries()) {
    if (options.parts && !options.parts.includes(part)) continue
    const labels = decodeNpy(pair.labels.read(), pair.labels.path)
    const typed = { shape: images.shape, ...pixels[i]! } // one for each part
    parts[part] = labelled(typed, labels, { images: pair.images.path, labels: pair.labels.path })
    classes = Math.max(classes, parts[part].classNames.length)
  }
  const classNames = Array.from({ length: classes }, (_, i) => String(i))
  for (const part of keysOf(parts)) parts[part] = { ...parts[part]!, classNames } // set above
  const seen = tree.files.flatMap(({ name }) => (/^[^/]+\.np[yz]$/i.test(name) ? [tree.pathOf(name)] : []))
  return { kind: 'numpy', classIds: classNames, classNames, parts, unlabelled: 0, seen, left }
}

function storedPixels({ dtype, values }: NpyArray, where: string): StoredPixels {
  if (Array.isArray(values)) throw invalidFile(where, null, 'holds text, expected pixels.')
  return { values, stored: dtypeName(dtype), where }
}

interface Paths {
  readonly images: string
  readonly labels: string
}

/** Images [n, h, w] or [n, h, w, c] of numbers with integer labels [n] or [n, 1]. */
export function labelledArrays(
  images: NpyArray,
  labels: NpyArray,
  paths: Paths,
  stated: StatedPixels = {},
): LabelledImages {
  const typed = typedPixels([storedPixels(images, paths.images)], stated)[0]! // one for one
  return labelled({ shape: images.shape, ...typed }, labels, paths)
}

function labelled(
  { shape, values, type }: TypedPixels & Pick<NpyArray, 'shape'>,
  labels: NpyArray,
  paths: Paths,
): LabelledImages {
  const [count, height, width, channels = 1] = shape as [number, number, number, number?]
  if (shape.length < 3 || shape.length > 4 || ![1, 3].includes(channels))
    throw invalidFile(
      paths.images,
      null,
      `expected shape (n, h, w) or (n, h, w, 1 or 3), got (${shape.join(', ')}).`,
      'Put channels last.',
    )
  if (labels.values.length !== count || Array.isArray(labels.values))
    throw invalidFile(paths.labels, null, `has ${labels.values.length} labels, there are ${count} images.`)
  const wrong = labels.values.findIndex((label) => !Number.isInteger(label) || label < 0 || label > 1_000_000)
  if (wrong >= 0)
    throw invalidFile(paths.labels, null, `label ${labels.values[wrong]} at ${wrong} is not a class number.`)
  const classes = 1 + Array.from<number>(labels.values).reduce((most, label) => Math.max(most, label), -1)
  return {
    images: memoryImages(values, { height, width, channels }, type),
    labels: Int32Array.from(labels.values),
    classNames: Array.from({ length: classes }, (_, i) => String(i)),
  }
}
