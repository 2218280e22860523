import type { ImageSource } from '../../types.ts'
import { BYTES } from '../pixels.ts'
import { centreCrop } from './image-table.ts'

/** Images with a black border around them, or cut to the middle, so that they have another size. */
export function paddedImages(
  images: ImageSource,
  size: { readonly height: number; readonly width: number },
): ImageSource {
  const { height, width, channels } = images
  if (height === size.height && width === size.width) return images
  const top = Math.floor((size.height - height) / 2)
  const left = Math.floor((size.width - width) / 2)
  const each = height * width * channels
  const outEach = size.height * size.width * channels
  return {
    ...size,
    channels,
    length: images.length,
    pixels: images.pixels,
    async read(indices, out) {
      const own =
        out instanceof Uint8Array
          ? new Uint8Array(indices.length * each)
          : new Float32Array(indices.length * each)
      await images.read(indices, own)
      out.fill(out instanceof Uint8Array ? 0 : images.pixels.black, 0, indices.length * outEach)
      const firstRow = Math.max(0, -top)
      const rows = Math.min(height, size.height - top)
      const firstColumn = Math.max(0, -left)
      const columns = Math.min(width, size.width - left)
      for (let n = 0; n < indices.length; n++) {
        for (let y = firstRow; y < rows; y++) {
          const from = n * each + (y * width + firstColumn) * channels
          const to = n * outEach + ((y + top) * size.width + firstColumn + left) * channels
          out.set(own.subarray(from, from + (columns - firstColumn) * channels), to)
        }
      }
    },
  }
}

/** Bytes of every image of a set at once; the caller sees to it that they fit into memory. */
export async function readAllBytes(images: ImageSource, blockLength = 1024): Promise<Uint8Array> {
  const each = images.height * images.width * images.channels
  const out = new Uint8Array(images.length * each)
  for (let start = 0; start < images.length; start += blockLength) {
    const indices = Int32Array.from(
      { length: Math.min(blockLength, images.length - start) },
      (_, i) => start + i,
    )
    await images.read(indices, out.subarray(start * each, (start + indices.length) * each))
  }
  return out
}

/** The middle of every image, as torchvision's CenterCrop cuts it. */
export function middleOfImages(
  images: ImageSource,
  size: { readonly height: number; readonly width: number },
): ImageSource {
  if (images.height === size.height && images.width === size.width) return images
  const each = images.height * images.width * images.channels
  const outEach = size.height * size.width * images.channels
  return {
    ...size,
    length: images.length,
    channels: images.channels,
    pixels: BYTES,
    async read(indices, out) {
      const bytes = new Uint8Array(indices.length * each)
      await images.read(indices, bytes)
      for (let i = 0; i < indices.length; i++) {
        out.set(centreCrop(bytes.subarray(i * each, (i + 1) * each), images, size), i * outEach)
      }
    },
  }
}
