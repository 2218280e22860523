import type { CanonicalImages } from '../canonical/set.ts'
import type { NpyArray } from '../formats/npy.ts'
import { invalidFile } from '../formats/problem.ts'
import { memoryImages } from './memory-images.ts'

/** Pictures of one array, bytes [n, h, w] or [n, h, w, c]; pictures of 0 and 1 alone become black and white. */
export function pictureStack({ shape, values }: NpyArray, file: string): CanonicalImages {
  const [count = 0, height = 0, width = 0, channels = 1] = shape
  if (!(values instanceof Uint8Array) || shape.length < 3 || shape.length > 4 || ![1, 3].includes(channels))
    throw invalidFile(
      file,
      null,
      `expected bytes of shape (n, h, w) or (n, h, w, 1 or 3), got (${shape.join(', ')}).`,
      'Use a mapping of arrays for pictures stored otherwise.',
    )
  const isBinary = values.every((value) => value <= 1)
  const pixels = isBinary ? values.map((value) => value * 255) : values
  return {
    source: memoryImages(pixels, { height, width, channels }),
    pixelType: 'uint8',
    valueMin: 0,
    valueMax: 255,
    id: Int32Array.from({ length: count }, (_, i) => i),
  }
}
