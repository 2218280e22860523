import { CotrainError } from '../../src-shared/contract/errors.ts'
import { FORMAT } from './canonical/write.ts'
import { openHdf5 } from './formats/hdf5.ts'
import { foldersIn, openTree } from './formats/file-tree.ts'
import type { ImageSetKind } from './images/image-set.ts'
import { detectImageSet } from './images/open-image-set.ts'
import { detectImporter } from './importers/registry.ts'

/** What a file or folder of the user holds. */
export type DetectedData =
  | { readonly kind: 'canonical' }
  | { readonly kind: 'neural'; readonly importer: string }
  | { readonly kind: 'corrupted-images' }
  | { readonly kind: 'images'; readonly set: ImageSetKind }

/** Finds out what a path holds: our own file, a recording, a corrupted set, a classification set; null when none fits. */
export async function detectData(path: string): Promise<DetectedData | null> {
  if (await isCanonical(path)) return { kind: 'canonical' }
  const importer = detectImporter(path)
  if (importer !== null) return { kind: 'neural', importer }
  if (isCorrupted(path)) return { kind: 'corrupted-images' }
  const set = detectImageSet(path)
  return set === null ? null : { kind: 'images', set }
}

async function isCanonical(path: string): Promise<boolean> {
  if (!/\.(h5|hdf5)$/.test(path)) return false
  try {
    const file = await openHdf5(path)
    try {
      return file.attribute('/', 'format') === FORMAT
    } finally {
      file.close()
    }
  } catch (error) {
    if (error instanceof CotrainError && error.code === 'file-invalid') return false // an importer says what is wrong
    throw error
  }
}

/** Corruptions with severity folders 1 to 5, or the arrays of CIFAR-C and MNIST-C. */
function isCorrupted(path: string): boolean {
  const tree = openTree(path)
  try {
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
  } finally {
    tree.close()
  }
}
