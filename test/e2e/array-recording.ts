import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRng } from '../../src-shared/util/rng.ts'
import { npyBytes } from '../support/image-arrays.ts'

const IMAGES = 40
const SIDE = 32
/** Units of a recording that {@link writeRecording} wrote. */
export const UNITS = 4

/**
 * `images.npy` and `responses.npy` of units that like one pixel each; nothing says what is for testing. A faulty one also shows one picture
 * under two ids and has a last unit that never changes.
 */
export function writeRecording(folder: string, seed: number, isFaulty = false): void {
  mkdirSync(folder, { recursive: true })
  const rng = createRng(seed)
  const pixels = Uint8Array.from({ length: IMAGES * SIDE * SIDE }, () => rng.int(256))
  if (isFaulty) pixels.copyWithin(SIDE * SIDE, 0, SIDE * SIDE)
  const responses = Float32Array.from({ length: IMAGES * UNITS }, (_, i) => {
    const image = Math.floor(i / UNITS)
    if (isFaulty && i % UNITS === UNITS - 1) return 0
    return (pixels[image * SIDE * SIDE + (i % UNITS) * 31] ?? 0) / 32 + rng.int(2)
  })
  writeFileSync(join(folder, 'images.npy'), npyBytes({ values: pixels, shape: [IMAGES, SIDE, SIDE] }))
  writeFileSync(join(folder, 'responses.npy'), npyBytes({ values: responses, shape: [IMAGES, UNITS] }))
}
