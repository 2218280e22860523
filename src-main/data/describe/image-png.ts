import type { ImageSource } from '../../engine/types.ts'
import { imageCodec } from '../../io/images/image-codec.ts'

/** Small images are enlarged so that they can be seen. */
const SHOWN_SIDE = 96

/** Images at the given positions as data URLs of PNGs, from black to white as the set states them. */
export async function imagesAsPng(images: ImageSource, indices: readonly number[]): Promise<string[]> {
  const each = images.height * images.width * images.channels
  const bytes = new Uint8Array(indices.length * each)
  await images.read(indices, bytes)
  return Promise.all(indices.map((_, i) => encodePng(bytes.subarray(i * each, (i + 1) * each), images)))
}

async function encodePng(bytes: Uint8Array, { height, width, channels }: ImageSource): Promise<string> {
  const scale = Math.max(1, Math.floor(SHOWN_SIDE / Math.max(height, width)))
  const sharp = await imageCodec()
  const image = sharp(bytes, { raw: { height, width, channels: channels === 1 ? 1 : 3 } })
  const png = await image
    .resize(width * scale, height * scale, { kernel: 'nearest' })
    .png()
    .toBuffer()
  return `data:image/png;base64,${png.toString('base64')}`
}
