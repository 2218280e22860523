import { type FileTree, foldersIn, subtree } from '../../formats/zip/file-tree.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { imageEntries } from '../sources/image-entry.ts'
import type { FoundSet, ImageSetReader, OpenImageSetOptions } from '../sources/image-set.ts'
import type { LabelledEntries } from '../sources/image-entry.ts'
import { decodeParts } from './labelled-entries.ts'
import { readLines } from '../sources/text-lines.ts'
import { readWords } from './wordnet-names.ts'

/**
 * TinyImageNet as its zip unpacks it (`val/images/val_<i>.JPEG` with `val_annotations.txt`) or with validation images
 * moved into class folders; also straight from the zip. Class index = rank of the wnid in string order, not in wnids.txt.
 */
export const tinyImageNet: ImageSetReader = {
  kind: 'tiny-imagenet',
  detect: (tree) => root(tree) !== null,
  open: openTiny,
}

/** The folder with wnids.txt: the tree itself, or the one folder inside a zip. */
function root(tree: FileTree): FileTree | null {
  if (tree.has('wnids.txt')) return tree
  const inner = foldersIn(tree).find((folder) => tree.has(`${folder}/wnids.txt`))
  return inner === undefined ? null : subtree(tree, inner)
}

async function openTiny(outer: FileTree, options: OpenImageSetOptions): Promise<FoundSet> {
  const tree = root(outer)
  if (!tree) throw invalidFile(outer.root, 'wnids.txt', 'is missing.', 'Choose the folder tiny-imagenet-200.')
  const classIds = readClasses(tree)
  const words = readWords(tree, 'words.txt')
  const classNames = classIds.map((id) => words.get(id) ?? id)
  const index = new Map(classIds.map((id, i) => [id, i]))
  const found = { train: trainEntries(tree, index), val: validationEntries(tree, index) }
  return {
    kind: 'tiny-imagenet',
    classIds,
    classNames,
    unlabelled: imageEntries(tree, (name) => name.startsWith('test/')).length,
    ...(await decodeParts(found, classNames, options)),
  }
}

function readClasses(tree: FileTree): string[] {
  const ids = readLines(tree, 'wnids.txt')
  const odd = ids.findIndex((id) => !/^n\d{8}$/.test(id))
  if (odd >= 0)
    throw invalidFile(
      tree.pathOf('wnids.txt'),
      `line ${odd + 1}`,
      `expected an id such as n01443537, got "${ids[odd]?.slice(0, 40)}".`,
    )
  if (new Set(ids).size !== ids.length)
    throw invalidFile(tree.pathOf('wnids.txt'), null, 'lists an id twice.', 'Remove the second one.')
  return ids.sort()
}

/** `train/<wnid>/images/*` or `train/<wnid>/*`. */
function trainEntries(tree: FileTree, index: ReadonlyMap<string, number>): LabelledEntries {
  return byFolder(tree, 'train', 1, index)
}

/** Annotated images in one folder, or `val/images/<wnid>/*`, or `val/<wnid>/*`. */
function validationEntries(tree: FileTree, index: ReadonlyMap<string, number>): LabelledEntries {
  const folders = foldersIn(tree, 'val/images')
  if (folders.length > 0) return byFolder(tree, 'val/images', 2, index)
  if (foldersIn(tree, 'val').some((folder) => index.has(folder))) return byFolder(tree, 'val', 1, index)
  return annotated(tree, index)
}

function byFolder(
  tree: FileTree,
  below: string,
  depth: number,
  index: ReadonlyMap<string, number>,
): LabelledEntries {
  const found = imageEntries(tree, (name) => name.startsWith(`${below}/`))
  const labels = found.map(({ name }) => {
    const id = name.split('/')[depth] ?? ''
    const label = index.get(id)
    if (label === undefined)
      throw invalidFile(
        tree.pathOf(name),
        null,
        `its class "${id}" is not in wnids.txt.`,
        'Add the id or remove the folder.',
      )
    return label
  })
  return { entries: found.map(({ entry }) => entry), labels: Int32Array.from(labels) }
}

function annotated(tree: FileTree, index: ReadonlyMap<string, number>): LabelledEntries {
  const table = 'val/val_annotations.txt'
  const found = imageEntries(tree, (name) => name.startsWith('val/images/'))
  if (found.length === 0) return { entries: [], labels: new Int32Array(0) }
  const classOf = new Map(
    readLines(tree, table).map((line) => line.split('\t').slice(0, 2) as [string, string]),
  )
  const labels = found.map(({ name }) => {
    const file = name.slice('val/images/'.length)
    const label = index.get(classOf.get(file) ?? '')
    if (label === undefined)
      throw invalidFile(
        tree.pathOf(table),
        file,
        `has no line with a class of wnids.txt.`,
        'Restore the original file.',
      )
    return label
  })
  return { entries: found.map(({ entry }) => entry), labels: Int32Array.from(labels) }
}
