import { entriesOf } from '../../../../src-shared/util/entries-of.ts'
import type { LabelledImages } from '../../../engine/types.ts'
import { type FileTree, foldersIn, subtree } from '../../formats/zip/file-tree.ts'
import { bytesSource } from '../../formats/base/byte-source.ts'
import { type IdxArray, readIdxFrom } from '../../formats/tensors/idx.ts'
import { missingFile } from '../../formats/base/problem.ts'
import { labelledIdx } from './idx-set.ts'
import type { FoundSet, ImageSetReader, OpenImageSetOptions, PartName } from '../sources/image-set.ts'

const STEMS: Readonly<Partial<Record<PartName, string>>> = { train: 'train', test: 't10k' }

/** Names of the classes by a word in the folder's path; digits otherwise. */
const CLASS_NAMES: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /fashion/i,
    ['T-shirt', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'ankle boot'],
  ],
  [/kmnist|kuzushiji/i, ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo']],
]
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

/** A folder with the IDX files of MNIST, Fashion-MNIST or KMNIST, gzipped or not. */
export const idxFolder: ImageSetReader = {
  kind: 'mnist',
  detect: (tree) => root(tree) !== null,
  open: (tree, options) => Promise.resolve(openIdx(tree, options)),
}

/** `train-images-idx3-ubyte`, also with a dot before `idx3` as some tools unpack it, or gzipped. */
function find(tree: FileTree, stem: string, what: 'images' | 'labels'): string | undefined {
  const pattern = new RegExp(`^${stem}-${what}[-.]idx${what === 'images' ? 3 : 1}-ubyte(\\.gz)?$`)
  return tree.files.map((file) => file.name).find((name) => pattern.test(name))
}

function root(tree: FileTree): FileTree | null {
  const fits = (candidate: FileTree): boolean =>
    Object.values(STEMS).some((stem) => find(candidate, stem, 'images') !== undefined)
  if (fits(tree)) return tree
  return (
    foldersIn(tree)
      .map((folder) => subtree(tree, folder))
      .find(fits) ?? null
  )
}

function openIdx(outer: FileTree, options: OpenImageSetOptions): FoundSet {
  const tree = root(outer)
  if (!tree) throw missingFile(outer.pathOf('train-images-idx3-ubyte'))
  const classNames = CLASS_NAMES.find(([pattern]) => pattern.test(tree.root))?.[1] ?? DIGITS
  const parts: Partial<Record<PartName, LabelledImages>> = {}
  for (const [part, stem] of entriesOf(STEMS)) {
    const images = find(tree, stem, 'images')
    if (images === undefined || (options.parts && !options.parts.includes(part))) continue
    const labels = find(tree, stem, 'labels')
    if (labels === undefined)
      throw missingFile(
        tree.pathOf(`${stem}-labels-idx1-ubyte`),
        'no such file, though the images are there.',
      )
    const array = (name: string, axes: number): IdxArray =>
      readIdxFrom(bytesSource(tree.pathOf(name), tree.read(name)), axes)
    parts[part] = labelledIdx(
      array(images, 3),
      array(labels, 1),
      { images: tree.pathOf(images), labels: tree.pathOf(labels) },
      classNames,
    )
  }
  return { kind: 'mnist', classIds: DIGITS, classNames, parts, unlabelled: 0 }
}
