import type { ImageSource, PixelType } from '../../types.ts'
import { pixelArray } from '../pixels.ts'
import { pixelHash } from './pixel-hash.ts'

/** What the pixels of a set look like. */
export interface PixelStatistics {
  readonly count: number
  readonly height: number
  readonly width: number
  readonly channels: number
  /** [channels] mean and standard deviation on the source's own scale. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  /** Positions of images of one single value. */
  readonly blank: readonly number[]
  /** Number of images whose channels are all equal (always all of them with one channel). */
  readonly grey: number
  /** [count] hash of each image's pixels. */
  readonly hashes: readonly string[]
  readonly type: PixelType
  /** Values beyond black or white, or not finite. */
  readonly outOfRange: number
}

/** Images per read: a few megabytes for 64-pixel images. */
const BLOCK = 256

/** Reads every image once. */
export async function pixelStatistics(images: ImageSource): Promise<PixelStatistics> {
  const { length, height, width, channels, pixels: type } = images
  const each = height * width * channels
  const tally = type.element === 'uint8' ? byteTally(channels, type) : floatTally(channels, type)
  const hashes: string[] = []
  const blank: number[] = []
  let grey = 0
  const block = pixelArray(type, Math.min(BLOCK, length) * each)
  for (let from = 0; from < length; from += BLOCK) {
    const count = Math.min(BLOCK, length - from)
    await images.read(
      Int32Array.from({ length: count }, (_, i) => from + i),
      block,
    )
    for (let i = 0; i < count; i++) {
      const image = block.subarray(i * each, (i + 1) * each)
      tally.add(image)
      if (image.every((value) => value === image[0])) blank.push(from + i)
      if (isGrey(image, channels)) grey++
      hashes.push(pixelHash(image))
    }
  }
  const { sums, squares, outOfRange } = tally.total()
  const pixels = Math.max(1, length * height * width)
  const mean = sums.map((sum) => sum / pixels)
  const std = squares.map((square, c) => Math.sqrt(Math.max(0, square / pixels - mean[c]! ** 2))) // c < channels
  return { count: length, height, width, channels, type, mean, std, blank, grey, hashes, outOfRange }
}

/** Whether all channels of each pixel are equal. */
function isGrey(image: Uint8Array | Float32Array, channels: number): boolean {
  for (let i = 0; i < image.length; i++) if (i % channels > 0 && image[i] !== image[i - 1]) return false
  return true
}

interface Tally {
  add(image: Uint8Array | Float32Array): void
  /** By channel: sums of values and of their squares, of finite ones; and how many are beyond black or white, or not finite. */
  total(): { readonly sums: number[]; readonly squares: number[]; readonly outOfRange: number }
}

const LEVELS = 256

/** Bytes are counted by level: one addition for each. */
function byteTally(channels: number, { black, white }: PixelType): Tally {
  const counts = new Float64Array(channels * LEVELS)
  return {
    add: (image) => {
      for (let channel = 0; channel < channels; channel++) {
        const first = channel * LEVELS
        for (let i = channel; i < image.length; i += channels) counts[first + image[i]!]!++ // i < length, levels < LEVELS
      }
    },
    total: () => {
      const sums = new Array<number>(channels).fill(0)
      const squares = new Array<number>(channels).fill(0)
      let outOfRange = 0
      counts.forEach((count, at) => {
        const [channel, level] = [Math.floor(at / LEVELS), at % LEVELS]
        sums[channel]! += count * level // channel < channels
        squares[channel]! += count * level * level
        if (level < black || level > white) outOfRange += count
      })
      return { sums, squares, outOfRange }
    },
  }
}

function floatTally(channels: number, { black, white }: PixelType): Tally {
  const sums = new Array<number>(channels).fill(0)
  const squares = new Array<number>(channels).fill(0)
  let outOfRange = 0
  return {
    add: (image) => {
      for (let i = 0; i < image.length; i++) {
        const value = image[i]! // i < length
        if (!(value >= black && value <= white)) outOfRange++
        if (!Number.isFinite(value)) continue
        sums[i % channels]! += value // below channels
        squares[i % channels]! += value * value
      }
    },
    total: () => ({ sums, squares, outOfRange }),
  }
}
