import { createHash } from 'node:crypto'
import type { LabelledImages } from '../../engine/types.ts'
import { type FileTree, foldersIn } from '../formats/file-tree.ts'
import type { CorruptedSet } from './corrupted-set.ts'
import { openCorruptedTree } from './corrupted-set.ts'
import type { FoundSet, ImageSet, ImageSetReader, OpenImageSetOptions } from './image-set.ts'
import { joinedImages } from './joined-images.ts'

/** A corrupted set looked at by itself: every corruption and severity, one after the other, as the test part. */
export const corruptedLevels: ImageSetReader = {
  kind: 'corrupted',
  detect: isCorrupted,
  open: openLevels,
}

/** Corruptions with severity folders 1 to 5, or the arrays of CIFAR-C and MNIST-C. */
function isCorrupted(tree: FileTree): boolean {
  if (tree.has('labels.npy') && tree.has('fog.npy')) return true
  const folders = foldersIn(tree)
  const severities = (folder: string): boolean => {
    const inner = foldersIn(tree, folder)
    return inner.length > 0 && inner.every((name) => /^[1-5]$/.test(name))
  }
  return (
    folders.length > 0 &&
    folders.every((folder) => severities(folder) || tree.has(`${folder}/test_images.npy`))
  )
}

async function openLevels(tree: FileTree, options: OpenImageSetOptions): Promise<FoundSet> {
  const classIds = classesOf(tree)
  const set = await openCorruptedTree(tree, { ...options, classIds, classNames: classIds })
  const levels = [...set.values()].flatMap((severities) => [...severities.values()])
  const [first] = levels
  const labels = Int32Array.from(levels.flatMap((level) => [...level.labels]))
  const numbers = Array.from({ length: 1 + labels.reduce((a, b) => Math.max(a, b), -1) }, (_, i) => String(i))
  const classNames = classIds.length > 0 ? classIds : numbers
  const hash = createHash('sha256')
  for (const { name, size, stamp } of tree.files) hash.update(`${name} ${size} ${stamp}\n`)
  const test: LabelledImages[] =
    first === undefined
      ? []
      : [{ images: joinedImages(levels.map((level) => level.images)), labels, classNames }]
  return {
    kind: 'corrupted',
    classIds: classNames,
    classNames,
    parts: { ...(test[0] && { test: test[0] }) },
    digests: { test: hash.digest('hex') },
    unlabelled: 0,
    notes: notesOf(set),
  }
}

/** Folders below `<corruption>/<severity>`, as they are in the clean set; arrays have numbers for classes. */
function classesOf(tree: FileTree): string[] {
  const names = tree.files.map(({ name }) => name.split('/')).filter((parts) => parts.length === 4)
  return [...new Set(names.map((parts) => parts[2] ?? ''))].sort()
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
      label: 'Pictures per corruption and severity',
      value: low === high ? String(low) : `${low} to ${high}`,
    },
  ]
}
