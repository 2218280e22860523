import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { openTree, trackReads } from '../formats/zip/file-tree.ts'
import { invalidFile } from '../formats/base/problem.ts'
import { cifar10Binary, cifar100Binary } from './arrays/cifar-binary.ts'
import { cifar10Pickle, cifar100Pickle } from './arrays/cifar-pickle.ts'
import { corruptedLevels } from './corrupted/corrupted-levels.ts'
import { idxFolder } from './arrays/idx-folder.ts'
import { imageFolder, imageNet } from './folders/image-folder.ts'
import type { ImageSet, ImageSetKind, ImageSetReader, OpenImageSetOptions } from './sources/image-set.ts'
import { numpySet } from './arrays/numpy-set.ts'
import { svhn } from './arrays/svhn.ts'
import type { StatedPixels } from './sources/typed-pixels.ts'
import { tinyImageNet } from './folders/tiny-imagenet.ts'
import { unexplainedFiles } from './unexplained.ts'

/** Most particular layout first: the last ones accept any folder of images. */
const READERS: readonly ImageSetReader[] = [
  tinyImageNet,
  cifar10Binary,
  cifar100Binary,
  cifar10Pickle,
  cifar100Pickle,
  idxFolder,
  svhn,
  numpySet,
  corruptedLevels,
  imageNet,
  imageFolder,
]

/** Which layout a folder or zip has, by the names of its files; null when it is none. */
export function detectImageSet(path: string): ImageSetKind | null {
  const tree = openTree(path)
  try {
    return READERS.find((reader) => reader.detect(tree))?.kind ?? null
  } finally {
    tree.close()
  }
}

/**
 * Opens a classification set from a folder or zip in any supported layout. Encoded images are decoded once into the
 * cache folder; the user's files are only read.
 */
export const openImageSet = (path: string, options: Omit<OpenImageSetOptions, 'decode'>): Promise<ImageSet> =>
  useImageSet(path, options, (set) => Promise.resolve(set))

/** The same for a use that reads encoded images (`decode: false`): a zip stays open as long as it lasts. */
export async function useImageSet<T>(
  path: string,
  options: OpenImageSetOptions,
  use: (set: ImageSet) => Promise<T>,
): Promise<T> {
  const tree = openTree(path)
  try {
    const candidates = READERS.filter((reader) => options.kind === undefined || reader.kind === options.kind)
    const reader = candidates.find((candidate) => candidate.detect(tree))
    if (!reader)
      throw invalidFile(
        path,
        null,
        options.kind ? `does not have the layout of ${options.kind}.` : 'no known layout of an image set.',
        'Put the images of each class into a folder of its own, below train, val and test.',
      )
    if (reader !== numpySet) refuseStated(path, options.stated)
    const opened = new Set<string>()
    const set = await reader.open(trackReads(tree, opened), options)
    if (Object.keys({ ...set.parts, ...set.encoded }).length === 0)
      throw invalidFile(path, null, 'holds no images with labels.', 'Check that the download is complete.')
    const seen = new Set([...opened, ...(set.seen ?? [])])
    return await use({ ...set, left: [...(set.left ?? []), ...unexplainedFiles(tree, seen)] })
  } finally {
    tree.close()
  }
}

/** Encoded images and the sets of bytes say themselves what is white. */
function refuseStated(path: string, stated: StatedPixels = {}): void {
  if (stated.valueMin === undefined && stated.valueMax === undefined) return
  throw new CotrainError({
    code: 'config-invalid',
    path,
    message:
      'valueMin and valueMax are for arrays of numbers; the images of this set say themselves what is white.',
    hint: 'Leave them out.',
    asks: ['valueMin', 'valueMax'],
  })
}
