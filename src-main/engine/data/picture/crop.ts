import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { ByteImage } from './pil-resize.ts'
import { type Picture, type Pixels, zerosLike } from './picture.ts'

/** Part of a picture; it may reach beyond the edges, where it is black. */
export interface Window {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The window of a picture, zeros outside. */
export function cropped<P extends Pixels>(picture: Picture<P>, window: Window): Picture<P> {
  const { channels, data } = picture
  const { left, top, width, height } = window
  const out = zerosLike(data, width * height * channels)
  const from = Math.max(0, left)
  const to = Math.min(picture.width, left + width)
  for (let y = Math.max(0, -top); y < Math.min(height, picture.height - top) && from < to; y++) {
    const line = (top + y) * picture.width
    out.set(
      data.subarray((line + from) * channels, (line + to) * channels),
      (y * width + from - left) * channels,
    )
  }
  return { width, height, channels, data: out }
}

/** torchvision RandomCrop(size, padding): a window anywhere in the picture with a black border around it. */
export function randomCrop(
  picture: ByteImage,
  size: { readonly width: number; readonly height: number },
  padding: number,
  rng: Rng,
): ByteImage {
  const { width, height } = size
  const top = rng.int(picture.height + 2 * padding - height + 1) - padding
  const left = rng.int(picture.width + 2 * padding - width + 1) - padding
  return cropped(picture, { left, top, width, height })
}

/** Left and right swapped. */
export function mirrored<P extends Pixels>(picture: Picture<P>): Picture<P> {
  const { width, height, channels, data } = picture
  const out = zerosLike(data, data.length)
  for (let p = 0; p < width * height; p++) {
    const x = p % width
    const from = (p - x + width - 1 - x) * channels
    for (let c = 0; c < channels; c++) out[p * channels + c] = data[from + c]!
  }
  return { width, height, channels, data: out }
}
