import type { ImageSource } from '../../engine/types.ts'
import { imageCodec } from '../../io/images/image-codec.ts'

/** Small images are enlarged so that they can be seen. */
const SHOWN_SIDE = 96

/** Images at the given positions as data URLs of PNGs, from black to white as the set states them. */
export async function imagesAsPng(images: ImageSource, indices: readonly number[]): Promise<string[]> {
  const each = images.height * images.width * images.channels
  const bytes = new Uint8Array(indices.length * each)
  await images.read(indices, bytes)
  return Promise.all(indices.map((_, i) => shownPng(bytes.subarray(i * each, (i + 1) * each), images)))
}

type Size = Pick<ImageSource, 'height' | 'width' | 'channels'>

/** One image of bytes [height, width, channels] as a data URL, enlarged where it is small. */
export async function shownPng(bytes: Uint8Array, size: Size): Promise<string> {
  const scale = Math.max(1, Math.floor(SHOWN_SIDE / Math.max(size.height, size.width)))
  return `data:image/png;base64,${(await encodePng(bytes, size, scale)).toString('base64')}`
}

/** One image of bytes as a PNG file, every pixel `scale` pixels wide and high. */
export async function encodePng(
  bytes: Uint8Array,
  { height, width, channels }: Size,
  scale = 1,
): Promise<Buffer> {
  const sharp = await imageCodec()
  const image = sharp(bytes, { raw: { height, width, channels: channels === 1 ? 1 : 3 } })
  return image
    .resize(width * scale, height * scale, { kernel: 'nearest' })
    .png()
    .toBuffer()
}
