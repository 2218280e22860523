import type { CanonicalImages } from '../../canonical/set.ts'
import type { NumericValues } from '../../formats/hdf5/hdf5-values.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { memoryImages } from '../../images/sources/memory-images.ts'
import { type StatedPixels, typedPixels } from '../../images/sources/typed-pixels.ts'
import { sha256 } from '../../../disk/sha256.ts'

/** One image as [height, width, channels]. */
export interface Image {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly data: Uint8Array | Float32Array
}

export interface CollapsedImages {
  readonly images: CanonicalImages
  /** [trials] id of each trial's image. */
  readonly imageId: Int32Array
  /** False when the given ids did not tell images apart and were replaced by counting. */
  readonly keptIds: boolean
}

/**
 * Images stored once per trial become a set of distinct ones: equal content is one entry. Ids are kept when they tell
 * distinct images apart, else images are counted from 0.
 */
export function collapseImages(
  trials: number,
  read: (trial: number) => Image,
  ids: Int32Array | null,
  file: string,
  stated: StatedPixels = {},
): CollapsedImages {
  const byContent = new Map<string, number>()
  const images: Image[] = []
  const firstTrial: number[] = []
  const entry = Int32Array.from({ length: trials }, (_, trial) => {
    const image = read(trial)
    checkSize(images[0], image, file, trial)
    const digest = sha256(image.data)
    const known = byContent.get(digest)
    if (known !== undefined) return known
    byContent.set(digest, images.length)
    firstTrial.push(trial)
    return images.push(image) - 1
  })
  const given = ids && firstTrial.map((trial) => ids[trial]!) // trial < trials
  const keptIds = given !== null && new Set(given).size === given.length
  const id = Int32Array.from(images, (_, i) => (keptIds ? given[i]! : i)) // as long as images
  return {
    images: { ...joinImages(images, file, stated), id },
    imageId: entry.map((i) => id[i]!),
    keptIds,
  } // entries are positions of images
}

function checkSize(first: Image | undefined, image: Image, file: string, trial: number): void {
  if (
    !first ||
    (first.height === image.height && first.width === image.width && first.channels === image.channels)
  )
    return
  throw invalidFile(
    file,
    `trial ${trial}`,
    `its image is ${sizeOf(image)}, the first one is ${sizeOf(first)}.`,
    'All images must have one size.',
  )
}

const sizeOf = ({ height, width, channels }: Image): string => `${height} x ${width} x ${channels}`

/** Images of one size as one array; bytes stay bytes when all are. */
export function joinImages(
  images: readonly Image[],
  file: string,
  stated: StatedPixels = {},
): Omit<CanonicalImages, 'id'> {
  const first = images[0] ?? { height: 0, width: 0, channels: 0, data: new Uint8Array(0) }
  const each = first.data.length
  const bytes = images.every(({ data }) => data instanceof Uint8Array)
  const pixels = bytes ? new Uint8Array(images.length * each) : new Float32Array(images.length * each)
  images.forEach(({ data }, i) => pixels.set(data, i * each))
  return describePixels(pixels, first, file, stated)
}

/** Images of one array with what their numbers mean; pixels that are no numbers are left to the rule of the import. */
export function describePixels(
  values: NumericValues,
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: number },
  file: string,
  stated: StatedPixels = {},
): Omit<CanonicalImages, 'id'> {
  const pixels = typedPixels([{ values, where: file }], stated, 'keep')[0]! // one for one
  return { source: memoryImages(pixels.values, { height, width, channels }, pixels.type) }
}
