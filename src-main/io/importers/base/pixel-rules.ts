import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import { nameSome } from '../../../engine/data/doctor/finding.ts'
import { pixelBlocks } from '../../canonical/pixel-blocks.ts'
import type { CanonicalImages } from '../../canonical/set.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { memoryImages } from '../../images/sources/memory-images.ts'

export type PixelRule = 'mean' | 'mask' | 'drop'

export interface RuledImages {
  readonly images: CanonicalImages
  readonly left: readonly LeftOut[]
  /** What was done, in words; null where every pixel is a number. */
  readonly done: string | null
}

interface Holes {
  /** Positions of images with pixels that are no numbers. */
  readonly positions: readonly number[]
  readonly count: number
  /** Mean of all other pixels of the set. */
  readonly mean: number
}

/**
 * Images without pixels that are NaN or infinite, by the rule of the user: `mean` fills them with the mean of the other
 * pixels of the image, `mask` with that of all images, `drop` leaves the images out. @throws CotrainError where there
 * is no rule.
 */
export async function withoutHoles(
  images: CanonicalImages,
  rule: PixelRule | undefined,
  file: string,
): Promise<RuledImages> {
  const holes = images.source.pixels.element === 'float32' ? await findHoles(images) : null
  if (holes === null || holes.positions.length === 0) return { images, left: [], done: null }
  const ids = holes.positions.map((position) => images.id[position]!)
  if (rule === undefined)
    throw invalidFile(
      file,
      `images ${nameSome(ids)}`,
      `${holes.count} pixels of ${ids.length} images are NaN or infinite.`,
      'Say what becomes of them with the option nanPixels: "mean" (of the image), "mask" (the mean of all images) or "drop" (the images and their trials).',
      ['nanPixels'],
    )
  if (rule === 'drop') {
    const kept = Array.from(images.id.keys()).filter((position) => !holes.positions.includes(position))
    const reason = 'has pixels that are NaN or infinite (option nanPixels: drop).'
    return {
      images: pickImages(images, kept),
      left: leftOut('image', ids, { reason }),
      done: `${ids.length} images left out`,
    }
  }
  const words = rule === 'mean' ? 'the mean of each image' : 'the mean of all images'
  return {
    images: await filled(images, rule, holes),
    left: [],
    done: `${holes.count} pixels of ${ids.length} images filled with ${words}`,
  }
}

async function findHoles(images: CanonicalImages): Promise<Holes> {
  const { height, width, channels } = images.source
  const each = height * width * channels
  const positions: number[] = []
  let [at, count, sum, known] = [0, 0, 0, 0]
  for await (const block of pixelBlocks(images.source)) {
    for (let i = 0; i < block.length; i++, at++) {
      const value = block[i]! // i < length
      if (Number.isFinite(value)) {
        sum += value
        known++
        continue
      }
      count++
      const position = Math.floor(at / each)
      if (positions.at(-1) !== position) positions.push(position)
    }
  }
  return { positions, count, mean: known === 0 ? 0 : sum / known }
}

async function filled(
  images: CanonicalImages,
  rule: 'mean' | 'mask',
  { positions, mean }: Holes,
): Promise<CanonicalImages> {
  const { source } = images
  const { length, height, width, channels } = source
  const each = height * width * channels
  const pixels = new Float32Array(length * each)
  await source.read(
    Int32Array.from({ length }, (_, i) => i),
    pixels,
  )
  for (const position of positions) {
    const image = pixels.subarray(position * each, (position + 1) * each)
    const known = image.filter((value) => Number.isFinite(value))
    const own = known.length === 0 ? mean : known.reduce((a, b) => a + b, 0) / known.length
    const fill = rule === 'mean' ? own : mean
    image.forEach((value, i) => {
      if (!Number.isFinite(value)) image[i] = fill
    })
  }
  return { ...images, source: memoryImages(pixels, { height, width, channels }, source.pixels) }
}

/** The images at some positions, in the given order. */
function pickImages(images: CanonicalImages, kept: readonly number[]): CanonicalImages {
  const { source, id, label, origin } = images
  return {
    ...images,
    source: {
      ...source,
      length: kept.length,
      read: (indices, out) =>
        source.read(
          Array.from(indices, (i) => kept[i]!),
          out,
        ), // positions of the kept ones
    },
    id: Int32Array.from(kept, (position) => id[position]!),
    ...(label && { label: Int32Array.from(kept, (position) => label[position]!) }),
    ...(origin && { origin: kept.map((position) => origin[position] ?? '') }),
  }
}
