import type { ImageSource, PixelType } from '../../types.ts'
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
  const sums = new Float64Array(channels)
  const squares = new Float64Array(channels)
  const hashes: string[] = []
  const blank: number[] = []
  let [grey, outOfRange] = [0, 0]
  for (let from = 0; from < length; from += BLOCK) {
    const count = Math.min(BLOCK, length - from)
    const block = new Float32Array(count * each)
    await images.read(
      Int32Array.from({ length: count }, (_, i) => from + i),
      block,
    )
    for (let i = 0; i < count; i++) {
      const image = block.subarray(i * each, (i + 1) * each)
      const look = accumulate(image, channels, type, sums, squares)
      if (look.blank) blank.push(from + i)
      if (look.grey) grey++
      outOfRange += look.outOfRange
      hashes.push(pixelHash(image))
    }
  }
  const pixels = Math.max(1, length * height * width)
  const mean = Array.from(sums, (sum) => sum / pixels)
  const std = Array.from(squares, (square, c) => Math.sqrt(Math.max(0, square / pixels - mean[c]! ** 2))) // c < channels
  return { count: length, height, width, channels, type, mean, std, blank, grey, hashes, outOfRange }
}

function accumulate(
  image: Float32Array,
  channels: number,
  { black, white }: PixelType,
  sums: Float64Array,
  squares: Float64Array,
): { blank: boolean; grey: boolean; outOfRange: number } {
  let [blank, grey, outOfRange] = [true, true, 0]
  for (let i = 0; i < image.length; i++) {
    const value = image[i]! // i < length
    const channel = i % channels
    if (value !== image[0]) blank = false
    if (channel > 0 && value !== image[i - channel]) grey = false
    if (!(value >= black && value <= white)) outOfRange++
    if (!Number.isFinite(value)) continue
    sums[channel] = sums[channel]! + value // channel < channels
    squares[channel] = squares[channel]! + value * value
  }
  return { blank, grey, outOfRange }
}
