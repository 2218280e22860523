import { createHash } from 'node:crypto'
import type { LabelledImages } from '../../engine/types.ts'
import type { FileTree } from '../formats/file-tree.ts'
import { decodeNpy, type NpyArray } from '../formats/npy.ts'
import { bytesSource } from '../formats/byte-source.ts'
import { openZip } from '../formats/zip.ts'
import { invalidFile } from '../formats/problem.ts'
import type { FoundSet, ImageSetReader, OpenImageSetOptions, PartName } from './image-set.ts'
import { memoryImages } from './memory-images.ts'
import { arrayPairs, type NamedArray } from './numpy-pairs.ts'
import { PART_NAMES, partOfName } from './part-names.ts'

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
  const parts: Partial<Record<PartName, LabelledImages>> = {}
  const digests: Partial<Record<PartName, string>> = {}
  let classes = 0
  for (const part of options.parts ?? PART_NAMES) {
    const pair = pairs[part]
    if (!pair) continue
    const hash = createHash('sha256')
    const [images, labels] = [pair.images, pair.labels].map(({ path, read }) => {
      const bytes = read()
      hash.update(bytes)
      return decodeNpy(bytes, path)
    }) as [NpyArray, NpyArray]
    parts[part] = labelledArrays(images, labels, { images: pair.images.path, labels: pair.labels.path })
    digests[part] = hash.digest('hex')
    classes = Math.max(classes, parts[part].classNames.length)
  }
  const classNames = Array.from({ length: classes }, (_, i) => String(i))
  for (const part of Object.keys(parts) as PartName[])
    parts[part] = { ...(parts[part] as LabelledImages), classNames } // set above
  const seen = tree.files.flatMap(({ name }) => (/^[^/]+\.np[yz]$/i.test(name) ? [tree.pathOf(name)] : []))
  return { kind: 'numpy', classIds: classNames, classNames, parts, digests, unlabelled: 0, seen, left }
}

/** Images [n, h, w] or [n, h, w, c], bytes or floats in [0, 1], with integer labels [n] or [n, 1]. */
export function labelledArrays(
  images: NpyArray,
  labels: NpyArray,
  paths: { readonly images: string; readonly labels: string },
): LabelledImages {
  const { shape, values } = images
  const [count, height, width, channels = 1] = shape as [number, number, number, number?]
  if (shape.length < 3 || shape.length > 4 || ![1, 3].includes(channels))
    throw invalidFile(
      paths.images,
      null,
      `expected shape (n, h, w) or (n, h, w, 1 or 3), got (${shape.join(', ')}).`,
      'Put channels last.',
    )
  const pixels =
    values instanceof Uint8Array ? values : Array.isArray(values) ? null : Float32Array.from(values)
  if (!pixels) throw invalidFile(paths.images, null, 'holds text, expected pixels.')
  if (labels.values.length !== count || Array.isArray(labels.values))
    throw invalidFile(paths.labels, null, `has ${labels.values.length} labels, there are ${count} images.`)
  const wrong = labels.values.findIndex((label) => !Number.isInteger(label) || label < 0 || label > 1_000_000)
  if (wrong >= 0)
    throw invalidFile(paths.labels, null, `label ${labels.values[wrong]} at ${wrong} is not a class number.`)
  const classes = 1 + Array.from<number>(labels.values).reduce((most, label) => Math.max(most, label), -1)
  return {
    images: memoryImages(
      pixels,
      { height, width, channels },
      pixels instanceof Uint8Array ? 255 : whiteOf(pixels),
    ),
    labels: Int32Array.from(labels.values),
    classNames: Array.from({ length: classes }, (_, i) => String(i)),
  }
}

/** Floats are on the unit scale unless a value above 1 shows that they are grey levels. */
const whiteOf = (pixels: Float32Array): number => (pixels.some((value) => value > 1) ? 255 : 1)
