import type { ByteImage } from '../../../engine/data/image/pil-resize.ts'
import { invalidFile, refusedFile } from '../../formats/base/problem.ts'

/** Binary grey (P5) or colour (P6) of the PNM family. */
export const isPnm = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && (bytes[1] === 0x35 || bytes[1] === 0x36)

/** Decodes an 8-bit .pgm or .ppm to RGB. */
export function decodePnm(bytes: Uint8Array, name: string, maxPixels: number): ByteImage {
  const colour = bytes[1] === 0x36
  const { numbers, dataAt } = readHeader(bytes, name)
  const [width, height, most] = numbers
  if (most < 1 || most > 255)
    throw invalidFile(name, 2, `its largest value is ${most}, expected 1 to 255.`, 'Save it with 8 bits.')
  if (width * height > maxPixels || width * height === 0)
    throw refusedFile(name, 2, `claims ${width} x ${height} pixels.`)
  const count = width * height * (colour ? 3 : 1)
  if (dataAt + count > bytes.length)
    throw invalidFile(
      name,
      bytes.length,
      `${width} x ${height} needs ${count} bytes, got ${bytes.length - dataAt}.`,
      'The file is truncated.',
    )
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) {
    const value = bytes[dataAt + (colour ? i : Math.floor(i / 3))]! // checked above
    data[i] = most === 255 ? value : Math.min(255, Math.round((value * 255) / most))
  }
  return { width, height, channels: 3, data }
}

/** Three numbers separated by white space and comments; one white space ends the header. */
function readHeader(bytes: Uint8Array, name: string): { numbers: [number, number, number]; dataAt: number } {
  const text = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  const gap = '(?:\\s|#[^\\n]*\\n)+'
  const match = new RegExp(`^P[56]${gap}(\\d{1,9})${gap}(\\d{1,9})${gap}(\\d{1,9})\\s`).exec(text)
  if (!match) throw invalidFile(name, 2, 'the header is damaged.')
  return { numbers: [Number(match[1]), Number(match[2]), Number(match[3])], dataAt: match[0].length }
}
