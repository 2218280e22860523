import type { ImageSource } from '../../types.ts'
import { BYTES } from '../pixels.ts'
import { byteGrey } from './normalise.ts'

/** Byte images with one grey channel, as Pillow converts them. */
export function greyImages(images: ImageSource): ImageSource {
  if (images.channels === 1) return images
  const each = images.height * images.width
  return {
    length: images.length,
    height: images.height,
    width: images.width,
    channels: 1,
    pixels: BYTES,
    async read(indices, out) {
      const rgb = new Uint8Array(indices.length * each * images.channels)
      await images.read(indices, rgb)
      for (let i = 0; i < indices.length * each; i++) {
        const p = i * images.channels
        out[i] = byteGrey(rgb[p]!, rgb[p + 1]!, rgb[p + 2]!)
      }
    },
  }
}
