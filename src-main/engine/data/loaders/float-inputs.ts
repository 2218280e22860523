import type { ImageSource } from '../../types.ts'
import type { InputSource } from './input-source.ts'
import type { Normalisation } from './normalise.ts'
import { floatFinish } from './normalise.ts'

/** Lowest and highest value that images may have; they become 0 and 1. */
export interface ValueRange {
  readonly min: number
  readonly max: number
}

/** Prepares images of floating-point numbers: brought to 0..1, made grey where asked for, normalised. */
export function floatInputs(
  images: ImageSource,
  range: ValueRange,
  grey: boolean,
  normalisation: Normalisation,
): InputSource {
  const { height, width, channels } = images
  const outChannels = grey ? 1 : channels
  const finish = { channels, grey: grey ? 'tensor' : null, normalisation, outChannels } as const
  const scale = 1 / (range.max - range.min)
  const normalised = (values: Float32Array): Float32Array => {
    for (let i = 0; i < values.length; i++) values[i] = (values[i]! - range.min) * scale
    const out = new Float32Array((values.length / channels) * outChannels)
    floatFinish(values, finish, out)
    return out
  }
  return {
    shape: { height, width, channels: outChannels },
    views: 1,
    ahead: 0,
    prepare({ positions }) {
      const values = new Float32Array(positions.length * height * width * channels)
      const reading = images.read(positions, values)
      return reading instanceof Promise ? reading.then(() => normalised(values)) : normalised(values)
    },
  }
}
