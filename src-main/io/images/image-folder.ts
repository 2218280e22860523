import { type FileTree, foldersIn, subtree } from '../formats/file-tree.ts'
import { invalidFile } from '../formats/problem.ts'
import { imageEntries } from './image-entry.ts'
import type { FoundSet, ImageSetReader, OpenImageSetOptions, PartName } from './image-set.ts'
import { decodeParts, type LabelledEntries } from './labelled-entries.ts'
import { readWords } from './wordnet-names.ts'

/** Folder names used for the parts of a set. */
const PARTS: Readonly<Record<PartName, readonly string[]>> = {
  train: ['train', 'training'],
  val: ['val', 'valid', 'validation'],
  test: ['test', 'testing'],
}
const WNID = /^n\d{8}$/

/** torchvision's ImageFolder: one folder a class, sorted; with or without train, val and test folders above. */
export const imageFolder: ImageSetReader = {
  kind: 'image-folder',
  detect: (tree) => classFolders(tree) !== null || partsOf(tree).length > 0,
  open: (tree, options) => openFolders(tree, 'image-folder', options),
}

/** ImageNet: `train/<wnid>/*` and `val/<wnid>/*` or `val/images/<wnid>/*`. */
export const imageNet: ImageSetReader = {
  kind: 'imagenet',
  detect: (tree) => foldersIn(tree, 'train').some((name) => WNID.test(name)) && !tree.has('wnids.txt'),
  open: (tree, options) => openFolders(tree, 'imagenet', options),
}

/** Class folders of a part; a lone `images` folder between part and classes is stepped over. */
function classFolders(tree: FileTree): { tree: FileTree; classes: string[] } | null {
  const folders = foldersIn(tree)
  const inner = folders.length === 1 && folders[0] === 'images' ? subtree(tree, 'images') : null
  if (inner && foldersIn(inner).length > 0) return classFolders(inner)
  const withImages = new Set(imageEntries(tree).map(({ name }) => name.split('/').slice(0, -1)[0] ?? ''))
  const classes = folders.filter((folder) => withImages.has(folder))
  return classes.length === 0 ? null : { tree, classes }
}

function partsOf(tree: FileTree): { part: PartName; folder: string }[] {
  const folders = foldersIn(tree)
  return (Object.keys(PARTS) as PartName[]).flatMap((part) => {
    const folder = PARTS[part].find((name) => folders.includes(name))
    return folder === undefined ? [] : [{ part, folder }]
  })
}

async function openFolders(
  tree: FileTree,
  kind: 'imagenet' | 'image-folder',
  options: OpenImageSetOptions,
): Promise<FoundSet> {
  const parts = partsOf(tree)
  const trees: [PartName, FileTree][] =
    parts.length > 0 ? parts.map(({ part, folder }) => [part, subtree(tree, folder)]) : [['train', tree]]
  const folders = trees.flatMap(([part, below]) => {
    const found = classFolders(below)
    return found ? [{ part, ...found }] : []
  })
  const first = folders[0]
  if (!first)
    throw invalidFile(
      tree.root,
      null,
      'holds no folders with pictures.',
      'Put the pictures of each class into a folder of its own.',
    )
  const classIds = first.classes
  const index = new Map(classIds.map((id, i) => [id, i]))
  const found = Object.fromEntries(
    folders.map(({ part, tree: below, classes }) => [part, labelled(below, classes, index, tree.root)]),
  )
  const words = readWords(tree, 'words.txt')
  const classNames = classIds.map((id) => words.get(id) ?? id)
  return { kind, classIds, classNames, unlabelled: 0, ...(await decodeParts(found, classNames, options)) }
}

function labelled(
  tree: FileTree,
  classes: readonly string[],
  index: ReadonlyMap<string, number>,
  root: string,
): LabelledEntries {
  const foreign = classes.find((name) => !index.has(name))
  if (foreign !== undefined)
    throw invalidFile(
      tree.pathOf(foreign),
      null,
      `this class is not among those of the first part of ${root}.`,
      'Every part must have classes of the first one only.',
    )
  const found = imageEntries(tree, (name) => name.includes('/'))
  return {
    entries: found.map(({ entry }) => entry),
    labels: Int32Array.from(found, ({ name }) => index.get(name.split('/')[0] ?? '') ?? -1),
  }
}
