import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import { type FileTree, foldersIn, subtree } from '../../formats/zip/file-tree.ts'
import { imageEntries, isImageName } from '../sources/image-entry.ts'

/** Class folders of a part. */
export interface ClassFolders {
  readonly tree: FileTree
  /** Every folder that stands for a class, sorted: the label is the place in this list. */
  readonly classes: readonly string[]
  /** Classes of which no image can be read: they keep their label. */
  readonly unreadable: readonly LeftOut[]
}

/** Files that go with images and are none: a folder of these is no class. */
const PAPERS =
  /\.(txt|md|rst|json|xml|ya?ml|csv|tsv|html?|pdf|docx?|py|m|log|npy|npz|mat|h5|pickle|pkl|zip)$/i

/**
 * The class folders directly below a tree, a lone `images` folder stepped over; null where no image lies in a folder.
 * As in torchvision a class counts also where none of its images can be read: else all labels after it would shift.
 */
export function classFolders(tree: FileTree): ClassFolders | null {
  const folders = foldersIn(tree)
  const inner = folders.length === 1 && folders[0] === 'images' ? subtree(tree, 'images') : null
  if (inner && foldersIn(inner).length > 0) return classFolders(inner)
  const files = new Map<string, string[]>(folders.map((folder) => [folder, []]))
  for (const { name } of tree.files) files.get(name.slice(0, Math.max(0, name.indexOf('/'))))?.push(name)
  const filesOf = (folder: string): readonly string[] => files.get(folder) ?? []
  const readable = folders.filter((folder) => filesOf(folder).some(isImageName))
  if (readable.length === 0) return null
  const unreadable = [
    ...folders.filter(
      (folder) => !readable.includes(folder) && filesOf(folder).some((name) => !PAPERS.test(name)),
    ),
    ...tree.emptyFolders.filter((name) => !name.includes('/')),
  ]
  return {
    tree,
    classes: [...readable, ...unreadable].sort(),
    unreadable: unreadable.flatMap((folder) => lostClass(folder, filesOf(folder))),
  }
}

function lostClass(folder: string, files: readonly string[]): LeftOut[] {
  const endings = [...new Set(files.map((name) => /\.[^./]+$/.exec(name)?.[0] ?? 'no ending'))].sort()
  return leftOut('class', [folder], {
    severity: 'error',
    reason:
      files.length === 0
        ? 'its folder is empty. The class keeps its label and has no image.'
        : `none of its ${files.length} files is an image that can be read (${endings.join(', ')}). The class keeps its label and has no image.`,
    fix: 'Convert its images to PNG, or take the folder out.',
  })
}

/** Folders inside class folders: their images are used, under the label of the class. */
export function foldedAway({ tree, classes }: ClassFolders): LeftOut[] {
  const inner = new Set(
    imageEntries(tree).flatMap(({ name }) => {
      const [folder = '', below = '', ...rest] = name.split('/')
      return rest.length > 0 && classes.includes(folder) && below !== 'images' ? [`${folder}/${below}`] : []
    }),
  )
  return leftOut('folder', [...inner], {
    severity: 'warning',
    reason: 'as a class of its own: its images count for the class of the folder above it.',
    fix: 'If it is a class, move it up by one folder.',
  })
}
