import { createHash } from 'node:crypto'
import type { LabelledImages } from '../../engine/types.ts'
import type { FileTree } from '../formats/file-tree.ts'
import { decodeNpy, type NpyArray } from '../formats/npy.ts'
import { bytesSource } from '../formats/byte-source.ts'
import { openZip } from '../formats/zip.ts'
import { invalidFile } from '../formats/problem.ts'
import type { FoundSet, ImageSetReader, OpenImageSetOptions, PartName } from './image-set.ts'
import { memoryImages } from './memory-images.ts'

const PARTS: readonly PartName[] = ['train', 'val', 'test']
/** Names of the two arrays of a pair, as the field writes them; `*` is the part. */
const PAIRS: readonly (readonly [images: string, labels: string])[] = [
  ['x_*', 'y_*'],
  ['X_*', 'y_*'],
  ['*_images', '*_labels'],
  ['images_*', 'labels_*'],
  ['*_x', '*_y'],
]

/** Pairs of arrays, images [n, h, w(, c)] and labels [n], as .npy files or inside one .npz. */
export const numpySet: ImageSetReader = {
  kind: 'numpy',
  detect: (tree) => arraysOf(tree).some(({ names }) => PARTS.some((part) => pairOf(names, part) !== null)),
  open: (tree, options) => Promise.resolve(openNumpy(tree, options)),
}

interface Arrays {
  readonly names: readonly string[]
  readonly path: string
  read(name: string): Uint8Array
}

/** The .npy files of the folder, and the members of each .npz in it. */
function arraysOf(tree: FileTree): Arrays[] {
  const plain = tree.files
    .map((file) => file.name)
    .filter((name) => name.endsWith('.npy') && !name.includes('/'))
  const zipped = tree.files.map((file) => file.name).filter((name) => name.endsWith('.npz'))
  return [
    { names: plain.map(stem), path: tree.root, read: (name) => tree.read(`${name}.npy`) },
    ...zipped.map((file): Arrays => {
      const zip = openZip(bytesSource(tree.pathOf(file), tree.read(file)))
      return {
        names: zip.entries.map(({ name }) => stem(name)),
        path: tree.pathOf(file),
        read: (name) => zip.read(`${name}.npy`),
      }
    }),
  ]
}

const stem = (name: string): string => name.replace(/\.npy$/, '')

function pairOf(names: readonly string[], part: PartName): [string, string] | null {
  for (const [images, labels] of PAIRS) {
    const pair: [string, string] = [images.replace('*', part), labels.replace('*', part)]
    if (pair.every((name) => names.includes(name))) return pair
  }
  return null
}

function openNumpy(tree: FileTree, options: OpenImageSetOptions): FoundSet {
  const arrays = arraysOf(tree).find(({ names }) => PARTS.some((part) => pairOf(names, part) !== null))
  if (!arrays)
    throw invalidFile(
      tree.root,
      null,
      'has no pair of arrays such as x_train and y_train.',
      'Rename the files.',
    )
  const parts: Partial<Record<PartName, LabelledImages>> = {}
  const digests: Partial<Record<PartName, string>> = {}
  let classes = 0
  for (const part of options.parts ?? PARTS) {
    const pair = pairOf(arrays.names, part)
    if (!pair) continue
    const hash = createHash('sha256')
    const [images, labels] = pair.map((name) => {
      const bytes = arrays.read(name)
      hash.update(bytes)
      return decodeNpy(bytes, `${arrays.path}, ${name}`)
    }) as [NpyArray, NpyArray]
    parts[part] = labelledArrays(images, labels, {
      images: `${arrays.path}, ${pair[0]}`,
      labels: `${arrays.path}, ${pair[1]}`,
    })
    digests[part] = hash.digest('hex')
    classes = Math.max(classes, parts[part].classNames.length)
  }
  const classNames = Array.from({ length: classes }, (_, i) => String(i))
  for (const part of Object.keys(parts) as PartName[])
    parts[part] = { ...(parts[part] as LabelledImages), classNames } // set above
  return { kind: 'numpy', classIds: classNames, classNames, parts, digests, unlabelled: 0 }
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
