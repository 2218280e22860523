import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import { contrast } from './digital/contrast.ts'
import { defocusBlur } from './blur/defocus-blur.ts'
import { drawsFrom } from './base/draws.ts'
import { elasticTransform } from './digital/elastic-transform.ts'
import { fog } from './weather/fog.ts'
import { frost } from './weather/frost.ts'
import { frostTextures } from './weather/frost-texture.ts'
import { gaussianBlur } from './blur/gaussian-blur.ts'
import { glassBlur } from './blur/glass-blur.ts'
import { brightness, saturate } from './digital/hsv.ts'
import { jpegCompression } from './digital/jpeg-compression.ts'
import { motionBlur } from './blur/motion-blur.ts'
import { gaussianNoise, impulseNoise, shotNoise, speckleNoise } from './noise/noise.ts'
import { pixelate } from './digital/pixelate.ts'
import { SEVERITIES } from './severities.ts'
import { snow } from './weather/snow.ts'
import { spatter } from './weather/spatter.ts'
import type { ConstantSet, Corruption, CorruptionContext, Draws, RgbImage } from './base/types.ts'
import { zoomBlur } from './blur/zoom-blur.ts'
import { ALL_CORRUPTIONS, type CorruptionName } from '../../../../src-shared/schema/dataset/corruptions.ts'

type Registry = {
  readonly [N in CorruptionName]: Corruption<(typeof SEVERITIES)[N][ConstantSet][number]>
}

const CORRUPTIONS: Registry = {
  gaussian_noise: gaussianNoise,
  shot_noise: shotNoise,
  impulse_noise: impulseNoise,
  defocus_blur: defocusBlur,
  glass_blur: glassBlur,
  motion_blur: motionBlur,
  zoom_blur: zoomBlur,
  snow,
  frost,
  fog,
  brightness,
  contrast,
  elastic_transform: elasticTransform,
  pixelate,
  jpeg_compression: jpegCompression,
  speckle_noise: speckleNoise,
  gaussian_blur: gaussianBlur,
  spatter,
  saturate,
}

/** `auto` takes the published set made for the image size that is nearest (32, 64, 224). */
export type ConstantsOption = ConstantSet | 'auto'

// Geometric means of 32 and 64 and of 64 and 224.
const LARGEST_32 = 45
const LARGEST_64 = 120

/** The set that an option means for an image of this size. */
export function constantSetOf(option: ConstantsOption, width: number, height: number): ConstantSet {
  if (option !== 'auto') return option
  const side = Math.min(width, height)
  return side <= LARGEST_32 ? 'hd32' : side <= LARGEST_64 ? 'hd64' : 'ic'
}

export interface CorruptOptions {
  /** `ic` unless given, as the published fly tests use it at every size. */
  readonly constants?: ConstantsOption
  /** Stream of this image, corruption and severity: {@link corruptionStream}. */
  readonly rng: Rng
  /** Given random numbers instead of `rng`, for conformance tests. */
  readonly draws?: Draws
  /** Frost textures of the user; procedural crystals unless given. */
  readonly textures?: readonly RgbImage[]
}

/** The stream that makes the corruption of an image the same in every run and on any worker. */
export const corruptionStream = (root: Rng, name: string, severity: number, imageIndex: number): Rng =>
  root.fork('corruption').fork(name).fork(severity).fork(imageIndex)

/** Smallest side the published package accepts. */
const SMALLEST = 32

function refuse(path: string, message: string, hint: string): never {
  throw new CotrainError({ code: 'config-invalid', path, message, hint })
}

function checked(image: RgbImage, name: string, severity: number): CorruptionName {
  if (!Object.hasOwn(CORRUPTIONS, name)) {
    refuse(
      'corruption',
      `expected a corruption, got ${name}.`,
      `Choose one of ${ALL_CORRUPTIONS.join(', ')}.`,
    )
  }
  if (![1, 2, 3, 4, 5].includes(severity)) {
    refuse(
      `corruption.${name}`,
      `expected a severity 1 to 5, got ${severity}.`,
      'Use whole numbers from 1 to 5.',
    )
  }
  if (image.width < SMALLEST || image.height < SMALLEST) {
    const size = `${image.width} x ${image.height}`
    refuse(
      `corruption.${name}`,
      `images are ${size} pixels, corruptions need ${SMALLEST} per side.`,
      'Enlarge the images.',
    )
  }
  return name as CorruptionName
}

/** Applies one registered corruption; the name ties constants and function together. */
function apply<N extends CorruptionName>(
  name: N,
  image: RgbImage,
  severity: number,
  context: CorruptionContext,
): Uint8Array {
  const corruption = CORRUPTIONS[name] as Corruption<unknown> // the registry's type pairs it with its constants
  return corruption(image, SEVERITIES[name][context.constants][severity - 1], context)
}

/**
 * One corruption of one image, after Hendrycks & Dietterich (2019) as the imagecorruptions package applies it.
 * @param image bytes [height, width, 3], at least 32 pixels a side
 * @param severity 1..5
 * @returns bytes [height, width, 3]; float results are truncated
 * @throws CotrainError config-invalid for an unknown name, a severity outside 1..5 or a small image
 */
export function corrupt(
  image: RgbImage,
  name: string,
  severity: number,
  options: CorruptOptions,
): Uint8Array {
  const known = checked(image, name, severity)
  return apply(known, image, severity, {
    constants: constantSetOf(options.constants ?? 'ic', image.width, image.height),
    draws: options.draws ?? drawsFrom(options.rng),
    textures: () => options.textures ?? frostTextures(),
  })
}

/** Bytes of one or three channels -> RGB; grey is repeated. */
export function rgbOf(data: Uint8Array, width: number, height: number): RgbImage {
  if (data.length === width * height * 3) return { width, height, data }
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => data[Math.floor(i / 3)]!),
  }
}
