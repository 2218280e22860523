import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import { type FileTree, foldersIn, subtree } from '../../formats/zip/file-tree.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { type ClassFolders, classFolders, foldedAway } from './class-folders.ts'
import { imageEntries } from '../sources/image-entry.ts'
import type { FoundSet, ImageSetReader, OpenImageSetOptions, PartName } from '../sources/image-set.ts'
import type { LabelledEntries } from '../sources/image-entry.ts'
import { decodeParts } from './labelled-entries.ts'
import { PART_NAMES, partOfName } from '../sources/part-names.ts'
import { readWords } from './wordnet-names.ts'

const WNID = /^n\d{8}$/

/** torchvision's ImageFolder: one folder a class, sorted; with or without train, val and test folders above. */
export const imageFolder: ImageSetReader = {
  kind: 'image-folder',
  detect: (tree) => classFolders(tree) !== null,
  open: (tree, options) => openFolders(tree, 'image-folder', options),
}

/** ImageNet: `train/<wnid>/*` and `val/<wnid>/*` or `val/images/<wnid>/*`. */
export const imageNet: ImageSetReader = {
  kind: 'imagenet',
  detect: (tree) => foldersIn(tree, 'train').some((name) => WNID.test(name)) && !tree.has('wnids.txt'),
  open: (tree, options) => openFolders(tree, 'imagenet', options),
}

interface Part extends ClassFolders {
  readonly part: PartName
}

/** The parts of a set with their class folders, and what of the tree is no part. */
interface Parts {
  readonly parts: readonly Part[]
  readonly left: readonly LeftOut[]
}

/** Parts are folders named after them; a class may be called "train" where its images lie among those of other classes. */
function partsOf(tree: FileTree): Parts {
  const folders = foldersIn(tree)
  const named = folders.flatMap((folder) => {
    const part = partOfName(folder)
    return part === null ? [] : [{ part, folder, found: classFolders(subtree(tree, folder)) }]
  })
  const others = folders.filter((folder) => partOfName(folder) === null && hasImages(tree, folder))
  const areClasses =
    named.length === 0 || (named.every(({ found }) => !found) && others.length >= named.length)
  if (areClasses) {
    const found = classFolders(tree)
    return { parts: found ? [{ part: 'train', ...found }] : [], left: [] }
  }
  checkNames(tree, named)
  const flat = named.filter(({ found }) => !found).map(({ folder }) => folder)
  const parts = PART_NAMES.flatMap((part) => {
    const found = named.find((candidate) => candidate.part === part)?.found
    return found ? [{ part, ...found }] : []
  })
  return { parts, left: [...flatParts(flat), ...otherFolders(tree, others)] }
}

const hasImages = (tree: FileTree, folder: string): boolean =>
  imageEntries(tree, (name) => name.startsWith(`${folder}/`)).length > 0

function checkNames(tree: FileTree, named: readonly { part: PartName; folder: string }[]): void {
  const twice = named.find(({ part }, i) => named.findIndex((other) => other.part === part) < i)
  if (!twice) return
  const folders = named.filter(({ part }) => part === twice.part).map(({ folder }) => folder)
  throw invalidFile(
    tree.root,
    folders.join(' and '),
    `these folders are all named after the part "${twice.part}".`,
    'Keep one of them, or rename the other to train, val or test.',
  )
}

const flatParts = (folders: readonly string[]): LeftOut[] =>
  folders.flatMap((folder) =>
    leftOut('split', [folder], {
      severity: 'error',
      reason: 'no folder of a class with images lies in it, so its images have no labels.',
      fix: 'Sort its images into one folder for each class.',
    }),
  )

const otherFolders = (tree: FileTree, folders: readonly string[]): LeftOut[] =>
  folders.flatMap((folder) => {
    const isSplit = classFolders(subtree(tree, folder)) !== null
    return leftOut('folder', [folder], {
      severity: isSplit ? 'error' : 'warning',
      reason: 'it lies beside the parts of the set and is named after none.',
      fix: 'Rename it to train, val or test, or move it out of the folder.',
    })
  })

/** The tree itself, or what a lone folder around all class folders or parts holds, as archives often have one. */
function inside(tree: FileTree): FileTree {
  const [lone, ...others] = foldersIn(tree)
  if (lone === undefined || others.length > 0 || partOfName(lone) !== null) return tree
  const below = subtree(tree, lone)
  const isAround =
    foldersIn(below).length > 0 && imageEntries(below, (name) => !name.includes('/')).length === 0
  return isAround ? inside(below) : tree
}

async function openFolders(
  outer: FileTree,
  kind: 'imagenet' | 'image-folder',
  options: OpenImageSetOptions,
): Promise<FoundSet> {
  const tree = inside(outer)
  const { parts, left } = partsOf(tree)
  const [first] = parts
  if (!first)
    throw invalidFile(
      tree.root,
      left[0]?.name ?? null,
      left[0] ? left[0].reason : 'holds no folders with images.',
      'Put the images of each class into a folder of its own.',
    )
  const classIds = first.classes
  const index = new Map(classIds.map((id, i) => [id, i]))
  const found = Object.fromEntries(
    parts.map(({ part, tree: below, classes }) => [part, labelled(below, classes, index, tree.root)]),
  )
  const words = readWords(tree, 'words.txt')
  const classNames = classIds.map((id) => words.get(id) ?? id)
  const decoded = await decodeParts(found, classNames, options)
  const beside = tree.files.filter(({ name }) => left.some((entry) => name.startsWith(`${entry.name}/`)))
  return {
    kind,
    classIds,
    classNames,
    unlabelled: 0,
    ...decoded,
    seen: [...(decoded.seen ?? []), ...beside.map(({ name }) => tree.pathOf(name))],
    left: [...left, ...parts.flatMap((part) => lostClasses(part, first)), ...parts.flatMap(foldedAway)],
  }
}

/** Classes whose images cannot be read, and classes that a later part has none of. */
function lostClasses(part: Part, first: Part): LeftOut[] {
  const absent = first.classes.filter((id) => !part.classes.includes(id))
  return [
    ...part.unreadable,
    ...leftOut('class', absent, {
      severity: 'warning',
      reason: `the part "${part.part}" has no image of it.`,
      fix: 'Complete the part, or test on another one.',
    }),
  ]
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
  const known = new Set(classes)
  const found = imageEntries(tree, (name) => name.includes('/') && known.has(name.split('/')[0] ?? ''))
  return {
    entries: found.map(({ entry }) => entry),
    labels: Int32Array.from(found, ({ name }) => index.get(name.split('/')[0] ?? '') ?? -1),
  }
}
