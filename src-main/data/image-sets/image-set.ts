import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { BYTES } from '../../engine/data/pixels.ts'
import { paddedImages, readAllBytes } from '../../engine/data/loaders/fit-images.ts'
import { pilResize } from '../../engine/data/image/pil-resize.ts'
import type { ImageSource, LabelledImages } from '../../engine/types.ts'
import { memoryImages } from '../../io/images/sources/memory-images.ts'

/** Sets of this size and below are kept in memory once they have their input size. */
const MEMORY_LIMIT = 1_500_000_000

type Size = { readonly height: number; readonly width: number }
type FitOptions = Pick<ImageOptions, 'dataset_cls' | 'fit' | 'input_size'>

const PADDED: ReadonlySet<string> = new Set(['MNIST', 'FashionMNIST', 'KMNIST'])

/** How images of these options come to their input size. */
export const fitKind = (options: FitOptions): 'pad' | 'resize' =>
  options.fit === 'auto' ? (PADDED.has(options.dataset_cls) ? 'pad' : 'resize') : options.fit

/** Images at the input size: with a black border, or resized with Pillow's antialiased bilinear filter. */
export function fittedImages(images: ImageSource, options: FitOptions): ImageSource {
  const size = { height: options.input_size, width: options.input_size }
  if (images.height === size.height && images.width === size.width) return keptInMemory(images)
  return keptInMemory(fitKind(options) === 'pad' ? paddedImages(images, size) : resizedImages(images, size))
}

/** Images at the size from which the plans start: the input size, but for ImageNet, where training crops at random. */
export const inputImages = (images: ImageSource, options: FitOptions): ImageSource =>
  options.dataset_cls === 'ImageNet' ? keptInMemory(images) : fittedImages(images, options)

function resizedImages(images: ImageSource, size: Size): ImageSource {
  const { height, width, channels, length } = images
  const each = height * width * channels
  const outEach = size.height * size.width * channels
  return {
    ...size,
    channels,
    length,
    pixels: BYTES,
    async read(indices, out) {
      const bytes = new Uint8Array(indices.length * each)
      await images.read(indices, bytes)
      for (let i = 0; i < indices.length; i++) {
        const data = bytes.subarray(i * each, (i + 1) * each)
        out.set(pilResize({ height, width, channels, data }, size, 'bilinear').data, i * outEach)
      }
    },
  }
}

/** Reads a small set once, as bytes, at its first use. */
function keptInMemory(images: ImageSource): ImageSource {
  const each = images.height * images.width * images.channels
  if (images.length * each > MEMORY_LIMIT) return images
  let loading: Promise<ImageSource> | null = null
  let kept: ImageSource | null = null
  const load = async (): Promise<ImageSource> => {
    kept = memoryImages(await readAllBytes(images), images)
    return kept
  }
  return {
    ...images,
    pixels: BYTES,
    read(indices, out) {
      if (kept !== null) return kept.read(indices, out)
      loading ??= load()
      return loading.then((source) => source.read(indices, out))
    },
  }
}

/** Positions of the images that a class filter keeps, with their labels as the network sees them. */
export function filteredClasses(
  set: LabelledImages,
  options: Pick<ImageOptions, 'filter_classes' | 'reduce_to_filtered_classes'>,
): { readonly positions: Int32Array; readonly labels: Int32Array; readonly classNames: readonly string[] } {
  const all = Int32Array.from({ length: set.labels.length }, (_, i) => i)
  const range = options.filter_classes
  if (range === null) return { positions: all, labels: set.labels, classNames: set.classNames }
  const [start, end] = range
  if (end > set.classNames.length) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'dataset.config.filter_classes',
      message: `ends at class ${end}, the set has ${set.classNames.length}.`,
      hint: 'Choose classes that exist.',
    })
  }
  const positions = all.filter((i) => set.labels[i]! >= start && set.labels[i]! < end)
  if (!options.reduce_to_filtered_classes)
    return { positions, labels: set.labels, classNames: set.classNames }
  return {
    positions,
    labels: set.labels.map((label) => label - start),
    classNames: set.classNames.slice(start, end),
  }
}
