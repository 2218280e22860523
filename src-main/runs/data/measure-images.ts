import type { GreyMode, Normalisation } from '../../engine/data/loaders/normalise.ts'
import { byteFinisher, IDENTITY } from '../../engine/data/loaders/normalise.ts'
import type { ImageSource } from '../../engine/types.ts'

const BLOCK = 256

/** Mean and sd of each channel on the 0..1 scale over byte pictures, grey ones as one channel; `unbiased` divides by n - 1. */
export async function measureImages(
  images: ImageSource,
  positions: Int32Array,
  grey: GreyMode | null,
  unbiased = false,
): Promise<Normalisation> {
  const { height, width, channels } = images
  const outChannels = grey !== null || channels === 1 ? 1 : channels
  const finish = byteFinisher({
    channels,
    grey: channels === 1 ? null : grey,
    normalisation: IDENTITY,
    outChannels,
  })
  const sums = new Float64Array(outChannels)
  const squares = new Float64Array(outChannels)
  for (let start = 0; start < positions.length; start += BLOCK) {
    const block = positions.subarray(start, start + BLOCK)
    const bytes = new Uint8Array(block.length * height * width * channels)
    await images.read(block, bytes)
    const values = new Float32Array(block.length * height * width * outChannels)
    finish(bytes, values)
    for (let i = 0; i < values.length; i++) {
      const c = i % outChannels
      const value = values[i] as number
      sums[c] = (sums[c] as number) + value
      squares[c] = (squares[c] as number) + value * value
    }
  }
  const n = positions.length * height * width
  const mean = Array.from(sums, (sum) => sum / n)
  const correction = unbiased && n > 1 ? n / (n - 1) : 1
  const std = mean.map((m, c) => Math.sqrt(Math.max(0, (squares[c] as number) / n - m * m) * correction) || 1) // constant pictures stay unscaled
  return { mean, std }
}
