import { bytesOfUnit } from '../base/bytes.ts'
import { blurredUnit } from './gaussian-blur.ts'
import type { Corruption } from '../base/types.ts'

/** [sigma, largest displacement, passes] */
export type GlassConstants = readonly [sigma: number, delta: number, passes: number]

function copyPixel(data: Uint8Array, from: number, to: number): void {
  data[to] = data[from]!
  data[to + 1] = data[from + 1]!
  data[to + 2] = data[from + 2]!
}

/**
 * Blur, local shuffling, blur. The published exchange of two pixels works on views of the same memory, so it copies:
 * the pixel takes its partner's value and the partner keeps it. Reproduced, since every published result has it.
 */
export const glassBlur: Corruption<GlassConstants> = (image, [sigma, delta, passes], { draws }) => {
  const { width, height } = image
  const data = bytesOfUnit(blurredUnit(image, sigma))
  for (let pass = 0; pass < passes; pass++) {
    for (let h = height - delta; h > delta; h--) {
      for (let w = width - delta; w > delta; w--) {
        const dx = draws.integer(-delta, delta)
        const dy = draws.integer(-delta, delta)
        copyPixel(data, ((h + dy) * width + w + dx) * 3, (h * width + w) * 3)
      }
    }
  }
  return bytesOfUnit(blurredUnit({ width, height, data }, sigma))
}
