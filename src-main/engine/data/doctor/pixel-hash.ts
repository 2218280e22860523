import type { ImageSource } from '../../types.ts'
import { pixelArray } from '../pixels.ts'

/**
 * 64-bit hash of the pixels of one image as 16 hex digits: two independent multiply-and-mix streams. Good enough to find
 * equal images among millions (chance of one false pair among 10^6 below 10^-7); not meant against an adversary.
 */
export function pixelHash(pixels: Uint8Array | Float32Array): string {
  const words = pixels instanceof Float32Array ? new Uint32Array(pixels.slice().buffer) : pixels
  let [a, b] = [0x9e3779b9 | 0, 0x85ebca6b | 0]
  for (let i = 0; i < words.length; i++) {
    const value = words[i]! // i < length
    a = Math.imul(a ^ value, 0x01000193)
    a ^= a >>> 15
    b = Math.imul(b + value, 0xcc9e2d51)
    b = (b << 13) | (b >>> 19)
  }
  return hex(a) + hex(b)
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')

/** [images] position of the first image with the same pixels; its own where there is none before. */
export async function firstTwins(source: ImageSource): Promise<Int32Array> {
  const each = source.height * source.width * source.channels
  const pixels = pixelArray(source.pixels, each)
  const first = new Map<string, number>()
  const twins = new Int32Array(source.length)
  for (let i = 0; i < source.length; i++) {
    await source.read([i], pixels)
    const hash = pixelHash(pixels)
    if (!first.has(hash)) first.set(hash, i)
    twins[i] = first.get(hash)! // set in the line above
  }
  return twins
}
