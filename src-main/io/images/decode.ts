import sharp from 'sharp'
import { decodeBmp, isBmp } from './decode-bmp.ts'
import { decodePnm, isPnm } from './decode-pnm.ts'
import { invalidFile, refusedFile } from '../formats/problem.ts'
import type { ByteImage } from '../../engine/data/transforms/pil-resize.ts'

/** 50 megapixels: above any stimulus or photograph of the field; a file of a few kilobytes can claim billions. */
const MAX_PIXELS = 50_000_000

// One thread per picture and many pictures in flight is twice as fast as the reverse; each file is decoded once.
sharp.concurrency(1)
sharp.cache(false)

/**
 * Decodes a JPEG, PNG, WebP, TIFF, GIF, PNM or BMP to 8-bit RGB, as Pillow's `convert('RGB')` does: grey becomes three equal
 * channels, transparency is dropped, colour profiles and orientation tags are ignored. `name` is used in messages.
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<ByteImage> {
  if (bytes.length === 0) throw invalidFile(name, 0, 'the file is empty.', 'Copy it again.')
  const own = decodeOwn(bytes, name)
  if (own) return own
  try {
    const { data, info } = await sharp(bytes, {
      failOn: 'error',
      ignoreIcc: true,
      limitInputPixels: MAX_PIXELS,
    })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return { width: info.width, height: info.height, channels: 3, data: asRgb(data, info.channels) }
  } catch (error) {
    throw asProblem(error, name)
  }
}

/** Formats the library does not read. */
function decodeOwn(bytes: Uint8Array, name: string): ByteImage | null {
  if (isPnm(bytes)) return decodePnm(bytes, name, MAX_PIXELS)
  return isBmp(bytes) ? decodeBmp(bytes, name, MAX_PIXELS) : null
}

function asRgb(data: Buffer, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data.buffer, data.byteOffset, data.length)
  const out = new Uint8Array((data.length / channels) * 3)
  for (let i = 0; i < out.length; i++) out[i] = data[Math.floor(i / 3) * channels] as number // grey, with or without alpha
  return out
}

function asProblem(error: unknown, name: string): Error {
  const text = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  if (text.includes('pixel limit'))
    return refusedFile(name, null, `claims more than ${MAX_PIXELS} pixels.`, 'Scale it down or remove it.')
  return invalidFile(name, null, `the picture cannot be decoded: ${text}.`, 'Replace or remove the file.')
}
