import type { LabelledImages } from '../../../engine/types.ts'
import { type FileTree, foldersIn } from '../../formats/zip/file-tree.ts'
import { corruptedForm, levelFolders, type LevelFolders, missingArrays } from './corrupted-layout.ts'
import { arrayNames, type CorruptedSet, openCorruptedTree } from './corrupted-set.ts'
import type { FoundSet, ImageSet, ImageSetReader, OpenImageSetOptions } from '../sources/image-set.ts'
import { joinedImages } from '../sources/joined-images.ts'

/** A corrupted set looked at by itself: every corruption and severity, one after the other, as the test part. */
export const corruptedLevels: ImageSetReader = {
  kind: 'corrupted',
  detect: (tree) => corruptedForm(tree) !== null,
  open: openLevels,
}

async function openLevels(tree: FileTree, options: OpenImageSetOptions): Promise<FoundSet> {
  const isArrays = corruptedForm(tree) === 'cifar-c'
  const found = levelFolders(tree)
  const classIds = isArrays ? [] : classesOf(tree, found)
  const set = await openCorruptedTree(tree, { ...options, classIds, classNames: classIds })
  const levels = [...set.values()].flatMap((severities) => [...severities.values()])
  const [first] = levels
  const labels = Int32Array.from(levels.flatMap((level) => [...level.labels]))
  const numbers = Array.from({ length: 1 + labels.reduce((a, b) => Math.max(a, b), -1) }, (_, i) => String(i))
  const classNames = classIds.length > 0 ? classIds : numbers
  const test: LabelledImages[] =
    first === undefined
      ? []
      : [{ images: joinedImages(levels.map((level) => level.images)), labels, classNames }]
  return {
    kind: 'corrupted',
    classIds: classNames,
    classNames,
    parts: { ...(test[0] && { test: test[0] }) },
    unlabelled: 0,
    seen: seenIn(tree, found),
    left: [...found.left, ...(isArrays ? missingArrays(arrayNames(tree)) : [])],
    notes: notesOf(set),
  }
}

/** Class folders of the levels, as they are in the clean set; arrays have numbers for classes. */
function classesOf(tree: FileTree, { levels }: LevelFolders): string[] {
  return [...new Set(levels.flatMap(({ folder }) => foldersIn(tree, folder)))].sort()
}

/** Files of levels are used, other folders are named. */
function seenIn(tree: FileTree, { levels, left }: LevelFolders): string[] {
  const folders = [...levels.map(({ folder }) => folder), ...left.flatMap(({ name }) => name.split(', '))]
  const isSeen = (name: string): boolean =>
    folders.some((folder) => name.startsWith(`${folder}/`)) ||
    /^[^/]+(\/test_(images|labels))?\.npy$/.test(name)
  return tree.files.flatMap(({ name }) => (isSeen(name) ? [tree.pathOf(name)] : []))
}

function notesOf(set: CorruptedSet): NonNullable<ImageSet['notes']> {
  const severities = [...new Set([...set.values()].flatMap((levels) => [...levels.keys()]))].sort()
  const counts = [...set.values()].flatMap((levels) =>
    [...levels.values()].map(({ labels }) => labels.length),
  )
  const [low, high] = [Math.min(...counts), Math.max(...counts)]
  return [
    { label: 'Corruptions', value: `${set.size}: ${[...set.keys()].join(', ')}` },
    { label: 'Severities', value: severities.join(', ') },
    {
      label: 'Images per corruption and severity',
      value: low === high ? String(low) : `${low} to ${high}`,
    },
  ]
}
