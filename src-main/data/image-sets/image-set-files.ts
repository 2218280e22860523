import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import { statedWhite } from '../../../src-shared/schema/dataset/white-fields.ts'
import type { LabelledImages } from '../../engine/types.ts'
import { openTree } from '../../io/formats/zip/file-tree.ts'
import type { Fit } from '../../io/images/decode/fit.ts'
import type { ImageSet, PartName } from '../../io/images/sources/image-set.ts'
import { openImageSet } from '../../io/images/open-image-set.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { NamedFile } from '../content/hash-files.ts'
import { imageContent } from '../content/image-content.ts'
import { holdsSet, imagePlace, imagePlaces, kindOf } from '../places/image-places.ts'
import { missingData } from '../places/known-copies.ts'
import type { Manifest } from '../content/manifest.ts'
import { fitKind } from './image-set.ts'
import { registered } from '../places/registered-set.ts'
import { homeLayout } from '../../disk/home-layout.ts'

export type ImagePlace = Pick<
  ImageOptions,
  'dataset_cls' | 'data_dir' | 'data_set' | 'fit' | 'input_size' | 'in_resize' | 'value_min' | 'value_max'
>

/** The images of a classification set as they lie on disk; parts are decoded when asked for. */
export interface ImageSetFiles {
  /** Folder or archive of the set. */
  readonly path: string
  /** What the set is. */
  content(): Promise<Manifest>
  /** The files by which the former rule told sets apart. */
  formerFiles(): readonly NamedFile[]
  train(): Promise<LabelledImages>
  test(): Promise<LabelledImages>
  /** Ids of the classes in label order, by which corrupted sets name their folders. */
  classIds(): Promise<readonly string[]>
}

/** Files that have no part in training or testing. */
const UNUSED = /^(tiny-imagenet-200\/)?test\/images\/|_boxes\.txt$/

/**
 * Finds a classification set. CotrainError `data-missing` names the place where it was looked for and what to do.
 */
export async function imageSetFiles(place: ImagePlace, deps: DataDeps): Promise<ImageSetFiles> {
  const kind = kindOf(place.dataset_cls)
  const { path, stated } =
    place.dataset_cls === 'library'
      ? await registered(place.data_set, 'images', deps)
      : { path: await findSet(place, deps), stated: statedWhite(place) }
  const cacheFolder = homeLayout(deps.home).decodedPixels
  const open = (...parts: PartName[]): Promise<ImageSet> =>
    openImageSet(path, {
      ...(kind && { kind }),
      cacheFolder,
      fit: decodedFit(place),
      stated,
      parts,
      onProgress: (done, total) => deps.progress?.('decoding images', done / total),
    })
  return {
    path,
    content: () => imageContent({ path, kind, stated, cacheFolder }, deps),
    formerFiles: () => filesOf(path),
    train: async () => partOf(await open('train'), 'train', path),
    test: async () => testPart(await open('val', 'test'), path),
    classIds: async () => (await open('train')).classIds,
  }
}

/** TinyImageNet and ImageNet test on their official validation part; the test part there has no labels. */
const testPart = (set: ImageSet, path: string): LabelledImages => set.parts.test ?? partOf(set, 'val', path)

function partOf(set: ImageSet, part: PartName, path: string): LabelledImages {
  const images = set.parts[part]
  if (images !== undefined) return images
  throw new CotrainError({
    code: 'data-missing',
    path,
    message: `the set has no "${part}" part.`,
    hint: 'Complete the set, or choose the folder above train and val.',
  })
}

/** ImageNet is kept somewhat larger than the input, so that training can crop at random. */
export function decodedFit(place: Pick<ImagePlace, 'dataset_cls' | 'fit' | 'input_size' | 'in_resize'>): Fit {
  if (place.dataset_cls === 'ImageNet')
    return { kind: 'shorter-side', resize: place.in_resize, crop: place.in_resize }
  if (fitKind(place) === 'pad') return { kind: 'as-is' }
  return { kind: 'exact', height: place.input_size, width: place.input_size }
}

function filesOf(path: string): NamedFile[] {
  if (statSync(path).isFile()) return [{ name: basename(path), path }]
  const tree = openTree(path)
  const used = tree.files.filter(({ name }) => !UNUSED.test(name))
  return used.map(({ name }) => ({ name, path: tree.pathOf(name) }))
}

async function findSet(place: ImagePlace, deps: DataDeps): Promise<string> {
  const found = imagePlace(place, deps)
  if (found !== null) return found
  const { named, own } = imagePlaces(place, deps)
  const copies = own.filter((path) => holdsSet(path, place.dataset_cls))
  const other =
    copies.length === 0 ? '' : ` The application has ${place.dataset_cls} in ${copies.join(', ')}.`
  throw await missingData(
    {
      path: named[0]!, // there is always a folder
      message: `${place.dataset_cls} is not there.`,
      hint: `Put the set into this folder, or name its folder in data_dir.${other}`,
    },
    { path: named.at(-1)! },
    deps.home,
  )
}
