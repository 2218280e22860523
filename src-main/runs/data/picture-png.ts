import sharp from 'sharp'
import type { ImageSource } from '../../engine/types.ts'

/** Small pictures are enlarged so that they can be seen. */
const SHOWN_SIDE = 96

/** Pictures at the given positions as data URLs of PNGs, their values scaled to the white level. */
export async function picturesAsPng(images: ImageSource, indices: readonly number[]): Promise<string[]> {
  const each = images.height * images.width * images.channels
  const values = new Float32Array(indices.length * each)
  await images.read(indices, values)
  return Promise.all(indices.map((_, i) => encodePng(values.subarray(i * each, (i + 1) * each), images)))
}

async function encodePng(
  values: Float32Array,
  { height, width, channels, whiteLevel }: ImageSource,
): Promise<string> {
  const bytes = Uint8Array.from(values, (v) => Math.min(255, Math.max(0, Math.round((v / whiteLevel) * 255))))
  const scale = Math.max(1, Math.floor(SHOWN_SIDE / Math.max(height, width)))
  const image = sharp(bytes, { raw: { height, width, channels: channels === 1 ? 1 : 3 } })
  const png = await image
    .resize(width * scale, height * scale, { kernel: 'nearest' })
    .png()
    .toBuffer()
  return `data:image/png;base64,${png.toString('base64')}`
}
