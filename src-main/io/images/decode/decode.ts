import { decodeBmp, isBmp } from './decode-bmp.ts'
import { decodePnm, isPnm } from './decode-pnm.ts'
import { invalidFile, refusedFile } from '../../formats/base/problem.ts'
import { imageCodec } from '../image-codec.ts'
import type { ByteImage } from '../../../engine/data/image/pil-resize.ts'

/** 50 megapixels: above any stimulus or photograph of the field; a file of a few kilobytes can claim billions. */
const MAX_PIXELS = 50_000_000

/**
 * Decodes a JPEG, PNG, WebP, TIFF, GIF, PNM or BMP to 8-bit RGB, as Pillow's `convert('RGB')` does: grey becomes three equal
 * channels, transparency is dropped, colour profiles and orientation tags are ignored. `name` is used in messages.
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<ByteImage> {
  if (bytes.length === 0) throw invalidFile(name, 0, 'the file is empty.', 'Copy it again.')
  const own = decodeOwn(bytes, name)
  if (own) return own
  const sharp = await imageCodec()
  try {
    const image = sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: MAX_PIXELS })
    const isPrint = mayBePrint(bytes) && (await image.metadata()).space === 'cmyk'
    const { data, info } = await (
      isPrint
        ? image.pipelineColourspace('cmyk').toColourspace('cmyk')
        : image.toColourspace('srgb').removeAlpha()
    )
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const pixels = isPrint ? cmykToRgb(data, info.channels) : asRgb(data, info.channels)
    return { width: info.width, height: info.height, channels: 3, data: pixels }
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
  for (let i = 0; i < out.length; i++) out[i] = data[Math.floor(i / 3) * channels]! // grey, with or without alpha
  return out
}

/** TIFF, and JPEG with four components: other files are not asked for their colours, which takes a fifth of decoding them. */
function mayBePrint(bytes: Uint8Array): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (/^(II\*\0|MM\0\*)/.test(view.toString('latin1', 0, 4))) return true
  if (view.length < 4 || view.readUInt16BE(0) !== 0xffd8) return false
  for (let at = 2; at + 10 <= view.length && view[at] === 0xff; at += 2 + view.readUInt16BE(at + 2)) {
    const marker = view[at + 1]! // inside
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return view[at + 9] === 4
  }
  return false
}

/** Pillow's conversion, which knows no inks: every colour is what its ink and black leave of white. */
function cmykToRgb(data: Buffer, channels: number): Uint8Array {
  const out = new Uint8Array((data.length / channels) * 3)
  for (let i = 0; i < out.length; i++) {
    const at = Math.floor(i / 3) * channels
    const light = 255 - data[at + 3]! // four channels at least
    const product = data[at + (i % 3)]! * light + 128
    out[i] = Math.max(0, light - (((product >> 8) + product) >> 8))
  }
  return out
}

function asProblem(error: unknown, name: string): Error {
  const text = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  if (text.includes('pixel limit'))
    return refusedFile(name, null, `claims more than ${MAX_PIXELS} pixels.`, 'Scale it down or remove it.')
  return invalidFile(name, null, `the image cannot be decoded: ${text}.`, 'Replace or remove the file.')
}
