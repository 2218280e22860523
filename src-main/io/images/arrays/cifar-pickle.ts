import { entriesOf } from '../../../../src-shared/util/entries-of.ts'
import type { LabelledImages } from '../../../engine/types.ts'
import { type FileTree, foldersIn, subtree } from '../../formats/zip/file-tree.ts'
import { decodePickle } from '../../formats/numpy/pickle.ts'
import type { PickledArray, PickleValue } from '../../formats/numpy/pickle-value.ts'
import { invalidFile, missingFile } from '../../formats/base/problem.ts'
import { joinBatches } from './cifar-binary.ts'
import type { FoundSet, ImageSetReader, PartName } from '../sources/image-set.ts'
import { interleavePlanes } from './planar.ts'

const PIXEL_BYTES = 3 * 32 * 32

interface Layout {
  readonly kind: 'cifar-10' | 'cifar-100'
  readonly meta: string
  readonly names: string
  readonly labels: string
  readonly files: Readonly<Partial<Record<PartName, RegExp>>>
}

const CIFAR_10: Layout = {
  kind: 'cifar-10',
  meta: 'batches.meta',
  names: 'label_names',
  labels: 'labels',
  files: { train: /^data_batch_\d+$/, test: /^test_batch$/ },
}
const CIFAR_100: Layout = {
  kind: 'cifar-100',
  meta: 'meta',
  names: 'fine_label_names',
  labels: 'fine_labels',
  files: { train: /^train$/, test: /^test$/ },
}

/** The "python version" archives, read without Python. */
export const cifar10Pickle = reader(CIFAR_10)
export const cifar100Pickle = reader(CIFAR_100)

function reader(layout: Layout): ImageSetReader {
  return {
    kind: layout.kind,
    detect: (tree) => root(tree, layout) !== null,
    open: (tree) => Promise.resolve(openPickles(tree, layout)),
  }
}

function root(tree: FileTree, { meta, files }: Layout): FileTree | null {
  const fits = (candidate: FileTree): boolean =>
    candidate.has(meta) &&
    candidate.files.some(({ name }) => files.train?.test(name) || files.test?.test(name))
  if (fits(tree)) return tree
  const inner = foldersIn(tree)
    .map((folder) => subtree(tree, folder))
    .find(fits)
  return inner ?? null
}

function openPickles(outer: FileTree, layout: Layout): FoundSet {
  const tree = root(outer, layout)
  if (!tree) throw missingFile(outer.pathOf(layout.meta))
  const meta = readDict(tree, layout.meta)
  const classNames = strings(tree, layout.meta, meta.get(layout.names))
  const parts: Partial<Record<PartName, LabelledImages>> = {}
  for (const [part, pattern] of entriesOf(layout.files)) {
    const names = tree.files.map((file) => file.name).filter((name) => pattern.test(name))
    if (names.length === 0) continue
    const batches = names.map((name) => {
      return readBatch(tree, name, layout, classNames.length)
    })
    parts[part] = joinBatches(batches, classNames)
  }
  return { kind: layout.kind, classIds: classNames, classNames, parts, unlabelled: 0 }
}

/** Keys are bytes when the file was written by Python 3 from bytes; text otherwise. */
function readDict(tree: FileTree, name: string): Map<string, PickleValue> {
  const value = decodePickle(tree.read(name), tree.pathOf(name))
  if (!(value instanceof Map)) throw invalidFile(tree.pathOf(name), null, 'expected a dict.')
  return new Map(Array.from(value, ([key, item]) => [text(key), item]))
}

const text = (value: PickleValue): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : typeof value === 'string' ? value : ''

function strings(tree: FileTree, name: string, value: PickleValue | undefined): string[] {
  if (!Array.isArray(value)) throw invalidFile(tree.pathOf(name), null, 'has no list of class names.')
  return value.map(text)
}

function readBatch(
  tree: FileTree,
  name: string,
  layout: Layout,
  classes: number,
): { labels: Int32Array; pixels: Uint8Array } {
  const path = tree.pathOf(name)
  const dict = readDict(tree, name)
  const data = dict.get('data') as PickledArray | undefined // its fields are checked in the next line
  if (data?.type !== 'ndarray' || !(data.values instanceof Uint8Array) || data.shape[1] !== PIXEL_BYTES)
    throw invalidFile(
      path,
      'data',
      `expected bytes of shape (n, ${PIXEL_BYTES}).`,
      'The file is of another set.',
    )
  const list = dict.get(layout.labels)
  const count = data.shape[0]! // two axes, see above
  if (!Array.isArray(list) || list.length !== count)
    throw invalidFile(path, layout.labels, `expected ${count} labels.`)
  const labels = Int32Array.from(list, Number)
  const wrong = labels.findIndex((label) => label < 0 || label >= classes)
  if (wrong >= 0)
    throw invalidFile(
      path,
      layout.labels,
      `label ${labels[wrong]} at ${wrong} is not below the number of classes, ${classes}.`,
    )
  return { labels, pixels: interleavePlanes(data.values, count, 3) }
}
