import { createRng } from '../../src-shared/util/rng.ts'
import type { RgbImage } from '../../src-main/engine/data/corruptions/base/types.ts'

/** Smooth colour waves with some texture, the same for the same arguments. */
export function testImage(width: number, height: number, seed = 1): RgbImage {
  const rng = createRng(seed)
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    return 118 + 80 * Math.sin(x / (4 + (i % 3)) + seed) * Math.cos(y / 5) + rng.int(40)
  })
  return { width, height, data }
}

/** Bytes from base64, the form in which fixtures keep images. */
export const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'))
