import { byteOfLevel } from '../base/bytes.ts'
import { cropOfScaled } from './texture-crop.ts'
import type { ConstantSet, Corruption, RgbImage } from '../base/types.ts'

/** [share of the image, share of the texture] */
export type FrostConstants = readonly [image: number, texture: number]

/** Textures the published code draws from; it lists six and never reaches the last. */
const TEXTURES_DRAWN = 5

/** Size of ice crystals relative to the photograph: the ImageNet-C generator shrinks it for small images. */
const TEXTURE_SCALE: Record<Exclude<ConstantSet, 'ic'>, number> = { hd64: 0.3, hd32: 0.2 }

/** imagecorruptions enlarges a texture that is too small, and every texture by another tenth. */
const MARGIN = 1.1

interface Scaled {
  readonly scaledWidth: number
  readonly scaledHeight: number
  readonly interpolation: 'linear' | 'cubic'
}

function coveringSize(texture: RgbImage, image: RgbImage): Scaled {
  const covering = Math.max(1, image.height / texture.height, image.width / texture.width) * MARGIN
  return {
    scaledWidth: Math.ceil(texture.width * covering),
    scaledHeight: Math.ceil(texture.height * covering),
    interpolation: 'cubic',
  }
}

function scaledSize(texture: RgbImage, image: RgbImage, constants: ConstantSet): Scaled {
  if (constants === 'ic') return coveringSize(texture, image)
  const scaledWidth = Math.round(texture.width * TEXTURE_SCALE[constants])
  const scaledHeight = Math.round(texture.height * TEXTURE_SCALE[constants])
  // a small texture of the user's own: as large as it must be
  if (scaledWidth <= image.width || scaledHeight <= image.height) return coveringSize(texture, image)
  return { scaledWidth, scaledHeight, interpolation: 'linear' }
}

/** a x + b crop, on levels: a random piece of a random frost texture over the image. */
export const frost: Corruption<FrostConstants> = (image, [a, b], { draws, textures, constants }) => {
  const { width, height, data } = image
  const sheets = textures()
  const texture = sheets[draws.integer(0, TEXTURES_DRAWN) % sheets.length]!
  const scaled = scaledSize(texture, image, constants)
  const top = draws.integer(0, Math.max(1, scaled.scaledHeight - height))
  const left = draws.integer(0, Math.max(1, scaled.scaledWidth - width))
  const ice = cropOfScaled(texture, { ...scaled, top, left, width, height })
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) out[i] = byteOfLevel(a * data[i]! + b * ice[i]!)
  return out
}
