import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { ByteImage } from './pil-resize.ts'
import { type Image, type Pixels, zerosLike } from './image.ts'

/** Part of an image; it may reach beyond the edges, where it is black. */
export interface Window {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The window of an image, zeros outside. */
export function cropped<P extends Pixels>(image: Image<P>, window: Window): Image<P> {
  const { channels, data } = image
  const { left, top, width, height } = window
  const out = zerosLike(data, width * height * channels)
  const from = Math.max(0, left)
  const to = Math.min(image.width, left + width)
  for (let y = Math.max(0, -top); y < Math.min(height, image.height - top) && from < to; y++) {
    const line = (top + y) * image.width
    out.set(
      data.subarray((line + from) * channels, (line + to) * channels),
      (y * width + from - left) * channels,
    )
  }
  return { width, height, channels, data: out }
}

/** torchvision RandomCrop(size, padding): a window anywhere in the image with a black border around it. */
export function randomCrop(
  image: ByteImage,
  size: { readonly width: number; readonly height: number },
  padding: number,
  rng: Rng,
): ByteImage {
  const { width, height } = size
  const top = rng.int(image.height + 2 * padding - height + 1) - padding
  const left = rng.int(image.width + 2 * padding - width + 1) - padding
  return cropped(image, { left, top, width, height })
}

/** Left and right swapped. */
export function mirrored<P extends Pixels>(image: Image<P>): Image<P> {
  const { width, height, channels, data } = image
  const out = zerosLike(data, data.length)
  for (let p = 0; p < width * height; p++) {
    const x = p % width
    const from = (p - x + width - 1 - x) * channels
    for (let c = 0; c < channels; c++) out[p * channels + c] = data[from + c]!
  }
  return { width, height, channels, data: out }
}
