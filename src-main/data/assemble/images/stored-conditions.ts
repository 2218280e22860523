import { join } from 'node:path'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { EXTRA_CORRUPTIONS } from '../../../../src-shared/schema/dataset/corruptions.ts'
import { middleOfImages } from '../../../engine/data/loaders/fit-images.ts'
import type { LabelledImages, Loader } from '../../../engine/types.ts'
import { openFile } from '../../../io/formats/base/byte-source.ts'
import type { FileTree } from '../../../io/formats/zip/file-tree.ts'
import { foldersIn, openTree } from '../../../io/formats/zip/file-tree.ts'
import { readNpyHeader } from '../../../io/formats/numpy/npy.ts'
import { corruptedForm, levelFolders, SEVERITIES } from '../../../io/images/corrupted/corrupted-layout.ts'
import { arrayNames, openCorruptedSet } from '../../../io/images/corrupted/corrupted-set.ts'
import { isImageName } from '../../../io/images/sources/image-entry.ts'
import { openImageSet } from '../../../io/images/open-image-set.ts'
import type { DataDeps } from '../../content/data-deps.ts'
import type { ImageLoading, ImagePartRequest, ImageSide } from './image-loading.ts'
import { testOrder } from './image-positions.ts'
import { filteredClasses, inputImages } from '../../image-sets/image-set.ts'
import { companion } from '../../image-sets/companion-sets.ts'
import { decodedFit } from '../../image-sets/image-set-files.ts'
import { joinedLoaders, lazyLoader } from '../../batches/lazy-inputs.ts'
import { homeLayout } from '../../../disk/home-layout.ts'

const KEY = 'img_classification'

interface Level {
  readonly corruption: string
  readonly severity: number
  readonly images: number
}

/** Levels of a stored corrupted set; each is opened when it is scored. */
export async function storedCorruptions(
  request: ImagePartRequest,
  loading: ImageLoading,
  deps: DataDeps,
  fraction = request.options.test_subset,
): Promise<ReadonlyMap<string, Loader>> {
  const { options: o, set, seed } = request
  const path = companion(request, o.corrupted_dir, '-C', 'corrupted_dir', deps)
  const classIds = await set.classIds()
  const out = new Map<string, Loader>()
  for (const { corruption, severity, images } of levelsOf(path)) {
    const open = async (): Promise<Loader> => {
      const options = { classIds, classNames: (await set.test()).classNames, corruptions: [corruption] }
      const found = await openCorruptedSet(path, {
        ...options,
        cacheFolder: homeLayout(deps.home).decodedPixels,
        fit: decodedFit(o),
      })
      return loaderOf(found.get(corruption)?.get(severity), fraction, request, loading)
    }
    const count = testOrder(images, fraction, seed).length
    out.set(`c_test ${corruption} ${severity}`, lazyLoader(KEY, count, o.batch_size, open))
  }
  return out
}

/** nntransfer's validation on corruptions: a part of each level of the four corruptions that are kept for it. */
export async function corruptedValidation(
  request: ImagePartRequest,
  loading: ImageLoading,
  deps: DataDeps,
): Promise<Loader> {
  const all = await storedCorruptions(request, loading, deps, request.options.valid_size)
  const kept = [...all].filter(([mode]) => EXTRA_CORRUPTIONS.some((name) => name === mode.split(' ')[1]))
  if (kept.length > 0)
    return joinedLoaders(
      KEY,
      kept.map(([, loader]) => loader),
    )
  throw new CotrainError({
    code: 'data-missing',
    path: request.options.corrupted_dir || `${request.set.path}-C`,
    message: `the corrupted set has none of ${EXTRA_CORRUPTIONS.join(', ')}.`,
    hint: 'Complete the set, or switch use_c_test_as_val off.',
  })
}

function loaderOf(
  part: LabelledImages | undefined,
  fraction: number,
  request: ImagePartRequest,
  loading: ImageLoading,
): Loader {
  if (part === undefined) throw new RangeError('a level of the corrupted set disappeared while it was read')
  const side = sideOf(part, request, fraction)
  return loading.loader(side, loading.plans.corrupted(side.images.channels))
}

function sideOf(
  part: LabelledImages,
  { options: o, seed }: ImagePartRequest,
  fraction = o.test_subset,
): ImageSide {
  const kept = filteredClasses(part, o)
  const size = { height: o.input_size, width: o.input_size }
  return {
    images: middleOfImages(inputImages(part.images, o), size),
    labels: kept.labels,
    positions: testOrder(kept.positions.length, fraction, seed).map((i) => kept.positions[i]!),
  }
}

/** What a corrupted set holds, by the names and headers of its files; images of dropped classes are counted too. */
function levelsOf(path: string): Level[] {
  const tree = openTree(path)
  try {
    switch (corruptedForm(tree)) {
      case 'cifar-c':
        return arrayLevels(tree)
      case 'mnist-c':
        return foldersIn(tree).map((corruption) => ({
          corruption,
          severity: 1,
          images: rowsOf(tree, `${corruption}/test_images.npy`),
        }))
      default:
        return [...levelFolders(tree).levels]
    }
  } finally {
    tree.close()
  }
}

const imagesBelow = (tree: FileTree, prefix: string): number =>
  tree.files.filter(({ name }) => name.startsWith(prefix) && isImageName(name)).length

function arrayLevels(tree: FileTree): Level[] {
  return arrayNames(tree).flatMap((corruption) => {
    const images = rowsOf(tree, `${corruption}.npy`) / SEVERITIES.length
    return SEVERITIES.map((severity) => ({ corruption, severity, images }))
  })
}

function rowsOf(tree: FileTree, name: string): number {
  const source = openFile(tree.pathOf(name))
  try {
    return readNpyHeader(source).shape[0] ?? 0
  } finally {
    source.close()
  }
}

/** Images in class folders, with the labels of the clean set. */
async function classFolders(
  path: string,
  request: ImagePartRequest,
  deps: DataDeps,
): Promise<LabelledImages> {
  const { options: o, set } = request
  const found = await openImageSet(path, {
    kind: 'image-folder',
    cacheFolder: homeLayout(deps.home).decodedPixels,
    fit: { kind: 'exact', height: o.input_size, width: o.input_size },
    onProgress: (done, total) => deps.progress?.('decoding images', done / total),
  })
  const part = found.parts.train ?? found.parts.val ?? found.parts.test
  if (part === undefined) throw new RangeError('a set without parts is refused when it is opened')
  const index = new Map((await set.classIds()).map((id, i) => [id, i]))
  const labelOf = found.classIds.map((id) => {
    const label = index.get(id)
    if (label !== undefined) return label
    throw new CotrainError({
      code: 'file-invalid',
      path: join(path, id),
      message: 'this class is not among those of the clean set.',
      hint: 'Remove the folder.',
    })
  })
  return {
    ...part,
    labels: part.labels.map((l) => labelOf[l]!),
    classNames: (await set.test()).classNames,
  }
}

/** Full-size images of the classes of TinyImageNet, resized to the input size. */
export async function fullSizeImages(
  request: ImagePartRequest,
  deps: DataDeps,
): Promise<{ readonly side: ImageSide; readonly identity: string }> {
  const { options: o, set, fingerprint } = request
  const inside = join(set.path, 'imagenet_val')
  const path = companion(request, o.imagenet_val_dir || inside, '', 'imagenet_val_dir', deps)
  const side = sideOf(await classFolders(path, request, deps), request)
  return { side, identity: `${fingerprint} ${path} ${o.input_size}` }
}

export function stylisedImages(request: ImagePartRequest, loading: ImageLoading, deps: DataDeps): Loader {
  const { options: o } = request
  const path = companion(request, o.stylized_dir, '-stylized', 'stylized_dir', deps)
  return lazyLoader(KEY, countImages(path), o.batch_size, async () => {
    const side = sideOf(await classFolders(path, request, deps), request)
    return loading.loader(side, loading.plans.corrupted(side.images.channels))
  })
}

function countImages(path: string): number {
  const tree = openTree(path)
  try {
    return imagesBelow(tree, '')
  } finally {
    tree.close()
  }
}
