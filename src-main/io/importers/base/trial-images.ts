import type { CanonicalImages } from '../../canonical/set.ts'
import type { NumericValues } from '../../formats/hdf5/hdf5-values.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { memoryImages } from '../../images/sources/memory-images.ts'
import { type StatedPixels, typedPixels } from '../../images/sources/typed-pixels.ts'
import { sha256 } from '../../../disk/sha256.ts'

/** One picture as [height, width, channels]. */
export interface Picture {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly data: Uint8Array | Float32Array
}

export interface CollapsedImages {
  readonly images: CanonicalImages
  /** [trials] id of each trial's picture. */
  readonly imageId: Int32Array
  /** False when the given ids did not tell pictures apart and were replaced by counting. */
  readonly keptIds: boolean
}

/**
 * Pictures stored once per trial become a set of distinct ones: equal content is one entry. Ids are kept when they tell
 * distinct pictures apart, else pictures are counted from 0.
 */
export function collapseImages(
  trials: number,
  read: (trial: number) => Picture,
  ids: Int32Array | null,
  file: string,
  stated: StatedPixels = {},
): CollapsedImages {
  const byContent = new Map<string, number>()
  const pictures: Picture[] = []
  const firstTrial: number[] = []
  const entry = Int32Array.from({ length: trials }, (_, trial) => {
    const picture = read(trial)
    checkSize(pictures[0], picture, file, trial)
    const digest = sha256(picture.data)
    const known = byContent.get(digest)
    if (known !== undefined) return known
    byContent.set(digest, pictures.length)
    firstTrial.push(trial)
    return pictures.push(picture) - 1
  })
  const given = ids && firstTrial.map((trial) => ids[trial]!) // trial < trials
  const keptIds = given !== null && new Set(given).size === given.length
  const id = Int32Array.from(pictures, (_, i) => (keptIds ? given[i]! : i)) // as long as pictures
  return {
    images: { ...joinPictures(pictures, file, stated), id },
    imageId: entry.map((i) => id[i]!),
    keptIds,
  } // entries are positions of pictures
}

function checkSize(first: Picture | undefined, picture: Picture, file: string, trial: number): void {
  if (
    !first ||
    (first.height === picture.height && first.width === picture.width && first.channels === picture.channels)
  )
    return
  throw invalidFile(
    file,
    `trial ${trial}`,
    `its picture is ${sizeOf(picture)}, the first one is ${sizeOf(first)}.`,
    'All pictures must have one size.',
  )
}

const sizeOf = ({ height, width, channels }: Picture): string => `${height} x ${width} x ${channels}`

/** Pictures of one size as one array; bytes stay bytes when all are. */
export function joinPictures(
  pictures: readonly Picture[],
  file: string,
  stated: StatedPixels = {},
): Omit<CanonicalImages, 'id'> {
  const first = pictures[0] ?? { height: 0, width: 0, channels: 0, data: new Uint8Array(0) }
  const each = first.data.length
  const bytes = pictures.every(({ data }) => data instanceof Uint8Array)
  const pixels = bytes ? new Uint8Array(pictures.length * each) : new Float32Array(pictures.length * each)
  pictures.forEach(({ data }, i) => pixels.set(data, i * each))
  return describePixels(pixels, first, file, stated)
}

/** Pictures of one array with what their numbers mean; pixels that are no numbers are left to the rule of the import. */
export function describePixels(
  values: NumericValues,
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: number },
  file: string,
  stated: StatedPixels = {},
): Omit<CanonicalImages, 'id'> {
  const pixels = typedPixels([{ values, where: file }], stated, 'keep')[0]! // one for one
  return { source: memoryImages(pixels.values, { height, width, channels }, pixels.type) }
}
