import { forwardDct, inverseDct } from './jpeg-dct.ts'

/** One colour component, bytes, row-major. */
export interface Plane {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Example tables of the standard (ITU-T T.81, K.1), which every common encoder scales. */
const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
]
const CHROMINANCE = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
]

/** Quantisation steps of a quality 1..100, by the reference library's scaling. */
export function quantisationTable(kind: 'luminance' | 'chrominance', quality: number): Int32Array {
  const percent = quality < 50 ? Math.trunc(5000 / quality) : 200 - 2 * quality
  const table = kind === 'luminance' ? LUMINANCE : CHROMINANCE
  return Int32Array.from(table, (step) => Math.min(255, Math.max(1, Math.trunc((step * percent + 50) / 100))))
}

/** Nearest multiple of 8 steps, halves away from zero: what coding and decoding leave of a coefficient. */
function quantise(block: Int32Array, table: Int32Array): void {
  for (let i = 0; i < 64; i++) {
    const step = table[i]!
    const size = 8 * step // the forward transform is scaled by 8
    const value = block[i]!
    const level = (((value < 0 ? -value : value) + (size >> 1)) / size) | 0
    block[i] = (value < 0 ? -level : level) * step
  }
}

const clampByte = (x: number): number => (x < 0 ? 0 : x > 255 ? 255 : x)

/** Every 8x8 block transformed, quantised and transformed back. Width and height are multiples of 8. */
export function transcodePlane({ width, height, data }: Plane, table: Int32Array): Plane {
  const out = new Uint8Array(data.length)
  const block = new Int32Array(64)
  for (let y = 0; y < height; y += 8) {
    for (let x = 0; x < width; x += 8) {
      const at = y * width + x
      for (let i = 0; i < 64; i++) block[i] = data[at + (i >> 3) * width + (i & 7)]! - 128
      forwardDct(block)
      quantise(block, table)
      inverseDct(block)
      for (let i = 0; i < 64; i++) out[at + (i >> 3) * width + (i & 7)] = clampByte(block[i]! + 128)
    }
  }
  return { width, height, data: out }
}

/** 2x2 means of a plane with even width; the rounding alternates between columns so that it adds no bias. */
export function halvedPlane({ width, height, data }: Plane): Plane {
  const out = new Uint8Array((width * height) / 4)
  for (let y = 0, to = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2, to++) {
      const at = y * width + x
      const sum = data[at]! + data[at + 1]! + data[at + width]! + data[at + width + 1]!
      out[to] = (sum + 1 + ((x >> 1) & 1)) >> 2
    }
  }
  return { width: width / 2, height: height / 2, data: out }
}

/**
 * Doubles the leading `width` x `height` part of a plane in both directions by the triangle filter (3/4 nearer, 1/4 farther sample).
 * @returns [2 height, 2 width]
 */
export function doubledPlane(plane: Plane, width: number, height: number): Plane {
  const out = new Uint8Array(4 * width * height)
  const sums = new Int32Array(width)
  for (let y = 0; y < 2 * height; y++) {
    const near = (y >> 1) * plane.width
    const far = Math.min(height - 1, Math.max(0, (y >> 1) + (y & 1 ? 1 : -1))) * plane.width
    for (let x = 0; x < width; x++) sums[x] = 3 * plane.data[near + x]! + plane.data[far + x]!
    const to = 2 * y * width
    for (let x = 0; x < width; x++) {
      const here = 3 * sums[x]!
      out[to + 2 * x] = (here + sums[Math.max(0, x - 1)]! + 8) >> 4
      out[to + 2 * x + 1] = (here + sums[Math.min(width - 1, x + 1)]! + 7) >> 4
    }
  }
  return { width: 2 * width, height: 2 * height, data: out }
}
