import type { ByteImage } from '../../../engine/data/image/pil-resize.ts'
import { invalidFile, refusedFile } from '../../formats/base/problem.ts'

const HEADER_BYTES = 54

export const isBmp = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x42 && bytes[1] === 0x4d && bytes.length >= HEADER_BYTES

/** Decodes an uncompressed Windows bitmap of 8 (palette), 24 or 32 bits to RGB. */
export function decodeBmp(bytes: Uint8Array, name: string, maxPixels: number): ByteImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [dataAt, headerSize] = [view.getUint32(10, true), view.getUint32(14, true)]
  const [width, signedHeight] = [view.getInt32(18, true), view.getInt32(22, true)]
  const [bits, compression] = [view.getUint16(28, true), view.getUint32(30, true)]
  const height = Math.abs(signedHeight)
  if (![8, 24, 32].includes(bits) || ![0, 3].includes(compression) || headerSize < 40)
    throw invalidFile(
      name,
      28,
      `bitmaps of ${bits} bits with compression ${compression} are not supported.`,
      'Save it as PNG.',
    )
  if (width <= 0 || height === 0 || width * height > maxPixels)
    throw refusedFile(name, 18, `claims ${width} x ${height} pixels.`)
  const stride = Math.ceil((width * bits) / 32) * 4
  if (dataAt + stride * height > bytes.length)
    throw invalidFile(
      name,
      bytes.length,
      `${width} x ${height} needs ${stride * height} bytes, got ${Math.max(0, bytes.length - dataAt)}.`,
      'The file is truncated.',
    )
  const palette = 14 + headerSize
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    const row = dataAt + stride * (signedHeight > 0 ? height - 1 - y : y) // rows go upwards unless the height is negative
    for (let x = 0; x < width; x++) {
      const from = bits === 8 ? palette + 4 * bytes[row + x]! : row + (x * bits) / 8
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = bytes[from + 2 - c] ?? 0 // stored as blue, green, red
    }
  }
  return { width, height, channels: 3, data }
}
