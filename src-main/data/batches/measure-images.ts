import { imageInputs } from '../../engine/data/loaders/image-inputs.ts'
import type { InputSource } from '../../engine/data/loaders/input-source.ts'
import { shapeOf } from '../../engine/data/loaders/input-source.ts'
import type { GreyMode, Normalisation } from '../../engine/data/loaders/normalise.ts'
import { IDENTITY } from '../../engine/data/loaders/normalise.ts'
import type { ImageSource } from '../../engine/types.ts'

const BLOCK = 256

/** Mean and sd of each channel on the 0..1 scale over byte images; `grey` images count as one channel. */
export function measureImages(
  images: ImageSource,
  positions: Int32Array,
  grey: GreyMode | null,
): Promise<Normalisation> {
  const plan = {
    source: shapeOf(images),
    size: { height: images.height, width: images.width },
    changes: [],
    noise: null,
    noiseStream: '',
    grey: images.channels === 1 ? null : grey,
    normalisation: IDENTITY,
    outChannels: grey !== null || images.channels === 1 ? 1 : images.channels,
  }
  return measureInputs(imageInputs(images, [plan], {}), positions)
}

/** Mean and sd of each channel of inputs that are not normalised yet; `unbiased` divides by n - 1. */
export async function measureInputs(
  inputs: InputSource,
  positions: Int32Array,
  unbiased = false,
): Promise<Normalisation> {
  const { height, width, channels } = inputs.shape
  const sums = new Float64Array(channels)
  const squares = new Float64Array(channels)
  for (let start = 0; start < positions.length; start += BLOCK) {
    const block = positions.subarray(start, start + BLOCK)
    const values = await inputs.prepare({ positions: block, draws: new Int32Array(block.length), stream: 0 })
    for (let i = 0; i < values.length; i++) {
      const c = i % channels
      const value = values[i]!
      sums[c] = sums[c]! + value
      squares[c] = squares[c]! + value * value
    }
  }
  const n = positions.length * height * width
  const mean = Array.from(sums, (sum) => sum / n)
  const correction = unbiased && n > 1 ? n / (n - 1) : 1
  const std = mean.map((m, c) => Math.sqrt(Math.max(0, squares[c]! / n - m * m) * correction) || 1) // constant images stay unscaled
  return { mean, std }
}

/** One mean and sd over all channels: the published statistics of neural images. */
export function pooled({ mean, std }: Normalisation): Normalisation {
  const channels = mean.length
  const overall = mean.reduce((a, b) => a + b, 0) / channels
  const power = mean.reduce((sum, m, c) => sum + std[c]! ** 2 + (m - overall) ** 2, 0) / channels
  return { mean: [overall], std: [Math.sqrt(power)] }
}
