import { entriesOf } from '../../../../src-shared/util/entries-of.ts'
import type { LabelledImages } from '../../../engine/types.ts'
import { type FileTree, foldersIn, subtree } from '../../formats/zip/file-tree.ts'
import { invalidFile, missingFile } from '../../formats/base/problem.ts'
import type { FoundSet, ImageSetReader, PartName } from '../sources/image-set.ts'
import { memoryImages } from '../sources/memory-images.ts'
import { interleavePlanes } from './planar.ts'
import { readLines } from '../sources/text-lines.ts'

const SIDE = 32
const PIXEL_BYTES = 3 * SIDE * SIDE

interface Layout {
  readonly kind: 'cifar-10' | 'cifar-100'
  /** Bytes before the pixels and which of them is the label. */
  readonly labelBytes: number
  readonly labelAt: number
  readonly names: string
  readonly files: Readonly<Partial<Record<PartName, RegExp>>>
}

const CIFAR_10: Layout = {
  kind: 'cifar-10',
  labelBytes: 1,
  labelAt: 0,
  names: 'batches.meta.txt',
  files: { train: /^data_batch_\d+\.bin$/, test: /^test_batch\.bin$/ },
}
/** Two labels a record: coarse, then the fine one that is used. */
const CIFAR_100: Layout = {
  kind: 'cifar-100',
  labelBytes: 2,
  labelAt: 1,
  names: 'fine_label_names.txt',
  files: { train: /^train\.bin$/, test: /^test\.bin$/ },
}

export const cifar10Binary = reader(CIFAR_10)
export const cifar100Binary = reader(CIFAR_100)

function reader(layout: Layout): ImageSetReader {
  return {
    kind: layout.kind,
    detect: (tree) => root(tree, layout) !== null,
    open: (tree) => Promise.resolve(openBinary(tree, layout)),
  }
}

function root(tree: FileTree, layout: Layout): FileTree | null {
  if (tree.has(layout.names)) return tree
  const inner = foldersIn(tree).find((folder) => tree.has(`${folder}/${layout.names}`))
  return inner === undefined ? null : subtree(tree, inner)
}

function openBinary(outer: FileTree, layout: Layout): FoundSet {
  const tree = root(outer, layout)
  if (!tree) throw missingFile(outer.pathOf(layout.names))
  const classNames = readLines(tree, layout.names).map((name) => name.trim())
  const parts: Partial<Record<PartName, LabelledImages>> = {}
  for (const [part, pattern] of entriesOf(layout.files)) {
    const names = tree.files.map((file) => file.name).filter((name) => pattern.test(name))
    if (names.length === 0) continue
    const batches = names.map((name) =>
      readBatch(tree.read(name), tree.pathOf(name), layout, classNames.length),
    )
    parts[part] = joinBatches(batches, classNames)
  }
  return { kind: layout.kind, classIds: classNames, classNames, parts, unlabelled: 0 }
}

interface CifarBatch {
  readonly labels: Int32Array
  /** Pixels, NHWC. */
  readonly pixels: Uint8Array
}

function readBatch(
  bytes: Uint8Array,
  path: string,
  { labelBytes, labelAt }: Layout,
  classes: number,
): CifarBatch {
  const record = labelBytes + PIXEL_BYTES
  const count = bytes.length / record
  if (!Number.isInteger(count) || count === 0)
    throw invalidFile(
      path,
      Math.floor(count) * record,
      `has ${bytes.length} bytes, which is no multiple of ${record}.`,
      'The file is truncated or of another set.',
    )
  const labels = Int32Array.from({ length: count }, (_, i) => bytes[i * record + labelAt] ?? 0)
  const wrong = labels.findIndex((label) => label >= classes)
  if (wrong >= 0)
    throw invalidFile(
      path,
      wrong * record + labelAt,
      `label ${labels[wrong]} is not below the number of classes, ${classes}.`,
      'The file is damaged or of another set.',
    )
  const planes = new Uint8Array(count * PIXEL_BYTES)
  for (let i = 0; i < count; i++)
    planes.set(bytes.subarray(i * record + labelBytes, (i + 1) * record), i * PIXEL_BYTES)
  return { labels, pixels: interleavePlanes(planes, count, 3) }
}

/** Batches one behind the other as one set of 32 x 32 images. */
export function joinBatches(batches: readonly CifarBatch[], classNames: readonly string[]): LabelledImages {
  const total = batches.reduce((sum, { labels }) => sum + labels.length, 0)
  const pixels = new Uint8Array(total * PIXEL_BYTES)
  const labels = new Int32Array(total)
  let at = 0
  for (const batch of batches) {
    pixels.set(batch.pixels, at * PIXEL_BYTES)
    labels.set(batch.labels, at)
    at += batch.labels.length
  }
  return { images: memoryImages(pixels, { height: SIDE, width: SIDE, channels: 3 }), labels, classNames }
}
