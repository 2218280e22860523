import type { Rng } from '../../../../src-shared/util/rng.ts'
import { type ConstantsOption, corrupt, rgbOf } from '../corruptions/corrupt.ts'
import type { RgbImage } from '../corruptions/base/types.ts'
import type { ByteImage } from '../image/pil-resize.ts'

export interface DistortOptions {
  readonly names: readonly string[]
  /** A fair coin leaves the image as it is. */
  readonly withClean: boolean
  readonly constants?: ConstantsOption
  readonly textures?: readonly RgbImage[]
}

/** One of the named corruptions at one of the severities 1..5, both uniform (neural_cotraining Distort). */
export function distorted(image: ByteImage, options: DistortOptions, rng: Rng): ByteImage {
  const { names, withClean, constants, textures } = options
  const choice = rng.fork('choice')
  if (names.length === 0 || (withClean && choice.uniform() < 0.5)) return image
  const name = names[choice.int(names.length)]!
  const severity = 1 + choice.int(5)
  return corrupted(image, name, severity, {
    rng: rng.fork('corruption'),
    ...(constants && { constants }),
    ...(textures && { textures }),
  })
}

/** {@link corrupt} for images of one or three channels; one channel comes back as the first of three. */
export function corrupted(
  image: ByteImage,
  name: string,
  severity: number,
  options: Parameters<typeof corrupt>[3],
): ByteImage {
  const { width, height, channels } = image
  const data = corrupt(rgbOf(image.data, width, height), name, severity, options)
  if (channels === 3) return { width, height, channels, data }
  return { width, height, channels: 1, data: data.filter((_, i) => i % 3 === 0) }
}
