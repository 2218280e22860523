import { type LeftOut, leftOut } from '../../../src-shared/contract/account.ts'
import type { FileTree } from '../formats/zip/file-tree.ts'
import { isImageName } from './sources/image-entry.ts'

/** Files that hold numbers or images of some kind; the reason is what their owner will look for. */
const KINDS: readonly {
  readonly isKind: (name: string) => boolean
  readonly severity: LeftOut['severity']
  readonly reason: string
  readonly fix: string
}[] = [
  {
    isKind: isImageName,
    severity: 'warning',
    reason: '',
    fix: '',
  },
  {
    isKind: (name) => /\.(npy|npz|mat|h5|hdf5?|nwb|nc|pickle|pkl|csv|tsv|zip)$/i.test(name),
    severity: 'warning',
    reason: 'the layout has no place for them.',
    fix: 'Add them by themselves if they hold a set of their own.',
  },
  {
    isKind: (name) =>
      /\.(heic|heif|avif|jp2|j2k|jxl|svg|psd|exr|ico|tga|pcx|dng|cr2|nef|arw|raw|mp4|avi)$/i.test(name),
    severity: 'warning',
    reason: 'their format cannot be read.',
    fix: 'Convert them to PNG.',
  },
  { isKind: () => true, severity: 'note', reason: 'they are no images.', fix: '' },
]

/** Files of a tree that are neither used nor explained (not in `seen`, a set of paths), by what they seem to be. */
export function unexplainedFiles(
  tree: FileTree,
  seen: ReadonlySet<string>,
  whyImages: Pick<LeftOut, 'reason' | 'fix'> = {
    reason: 'they lie in no folder of a class.',
    fix: 'Put them into the folder of their class, or take them out.',
  },
): LeftOut[] {
  const rest = tree.files.map(({ name }) => name).filter((name) => !seen.has(tree.pathOf(name)))
  return [
    ...KINDS.flatMap((kind) => {
      const names = rest.filter((name) => KINDS.find(({ isKind }) => isKind(name)) === kind)
      return leftOut('file', names, { ...kind, ...(kind.isKind === isImageName && whyImages) })
    }),
    ...leftOut('file', tree.hidden, { reason: 'they are hidden or made by the operating system.' }),
  ]
}
