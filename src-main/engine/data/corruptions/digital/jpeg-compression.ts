import { doubledPlane, halvedPlane, type Plane, quantisationTable, transcodePlane } from './jpeg-planes.ts'
import type { Corruption, RgbImage } from '../base/types.ts'

/** Sixteen: an 8x8 chroma block covers 16x16 pixels. */
const MCU = 16
const roundUp = (n: number): number => Math.ceil(n / MCU) * MCU

/** JFIF colour (ITU-R BT.601) as 16-bit fixed point. */
const ROUND = 1 << 15
const luma = (r: number, g: number, b: number): number => (19595 * r + 38470 * g + 7471 * b + ROUND) >> 16
const CHROMA_OFFSET = (128 << 16) + ROUND - 1
const blueness = (r: number, g: number, b: number): number =>
  (-11059 * r - 21709 * g + 32768 * b + CHROMA_OFFSET) >> 16
const redness = (r: number, g: number, b: number): number =>
  (32768 * r - 27439 * g - 5329 * b + CHROMA_OFFSET) >> 16

/** One component of the image, extended to whole blocks by its last column and row. */
function component(image: RgbImage, value: (r: number, g: number, b: number) => number): Plane {
  const { width, height, data } = image
  const plane = { width: roundUp(width), height: roundUp(height) }
  const out = new Uint8Array(plane.width * plane.height)
  for (let y = 0, to = 0; y < plane.height; y++) {
    const line = Math.min(y, height - 1) * width
    for (let x = 0; x < plane.width; x++, to++) {
      const at = (line + Math.min(x, width - 1)) * 3
      out[to] = value(data[at]!, data[at + 1]!, data[at + 2]!)
    }
  }
  return { ...plane, data: out }
}

const clampByte = (x: number): number => (x < 0 ? 0 : x > 255 ? 255 : x)

/**
 * What a baseline JPEG (4:2:0, standard tables, integer transforms) of that quality decodes to: equal to libjpeg's
 * result byte by byte. Entropy coding loses nothing, so it is left out.
 * @param quality 1..100
 * @returns bytes, [height, width, 3]
 */
export function jpegRoundTrip(image: RgbImage, quality: number): Uint8Array {
  const { width, height } = image
  const chromaTable = quantisationTable('chrominance', quality)
  const [halfWidth, halfHeight] = [Math.ceil(width / 2), Math.ceil(height / 2)]
  const chroma = (value: typeof luma): Plane =>
    doubledPlane(transcodePlane(halvedPlane(component(image, value)), chromaTable), halfWidth, halfHeight)
  const y = transcodePlane(component(image, luma), quantisationTable('luminance', quality))
  const [cb, cr] = [chroma(blueness), chroma(redness)]
  const out = new Uint8Array(width * height * 3)
  for (let row = 0, to = 0; row < height; row++) {
    for (let x = 0; x < width; x++, to += 3) {
      const bright = y.data[row * y.width + x]!
      const blue = cb.data[row * cb.width + x]! - 128
      const red = cr.data[row * cr.width + x]! - 128
      out[to] = clampByte(bright + ((91881 * red + ROUND) >> 16))
      out[to + 1] = clampByte(bright + ((-22554 * blue - 46802 * red + ROUND) >> 16))
      out[to + 2] = clampByte(bright + ((116130 * blue + ROUND) >> 16))
    }
  }
  return out
}

/** Encode at the quality and decode. */
export const jpegCompression: Corruption<number> = (image, quality) => jpegRoundTrip(image, quality)
