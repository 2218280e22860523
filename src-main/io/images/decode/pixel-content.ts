import { decodeImage } from './decode.ts'
import { sha256OfParts } from '../../../disk/sha256.ts'

const SCAN = 0xda
const COMMENT = 0xfe
/** JFIF and Adobe say how the colours are stored; the other application segments hold dates, cameras, profiles, previews. */
const isRemark = (marker: number): boolean =>
  marker === COMMENT || (marker >= 0xe1 && marker <= 0xef && marker !== 0xee)

/**
 * SHA-256 of what an encoded image shows, whenever and by whatever it was written: of the decoded pixels; of a JPEG the
 * compressed image without remarks, since decoders differ in the last bit.
 */
export async function pixelContent(bytes: Uint8Array, name: string): Promise<string> {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return sha256OfParts(jpegSegments(bytes))
  const { width, height, data } = await decodeImage(bytes, name)
  return sha256OfParts([`${width}x${height}\n`, data])
}

/** The segments of a JPEG that decide its pixels. */
function* jpegSegments(bytes: Uint8Array): Generator<Uint8Array> {
  let at = 2
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]! // inside
    if (marker === SCAN) break
    const end = at + 2 + bytes[at + 2]! * 256 + bytes[at + 3]!
    if (!isRemark(marker)) yield bytes.subarray(at, end)
    at = end
  }
  yield bytes.subarray(at)
}
