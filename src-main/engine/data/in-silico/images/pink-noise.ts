import type { Rng } from '../../../../../src-shared/util/rng.ts'
import { fft2 } from './fft.ts'

const MEAN = 127.5
/** Typical contrast (sd in grey levels) and the spread of its logarithm from image to image, as in natural scenes. */
const CONTRAST = 50
const CONTRAST_SPREAD = 0.4

/** Noise whose amplitude falls as 1/f like that of natural scenes (Field 1987), grey bytes [size, size] into `out`. */
export function pinkNoise(size: number, rng: Rng, out: Uint8Array): void {
  const n = 2 ** Math.ceil(Math.log2(size))
  const re = Float64Array.from({ length: n * n }, () => rng.normal())
  const im = new Float64Array(n * n)
  fft2(re, im, n, -1)
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      const f = Math.hypot(Math.min(x, n - x), Math.min(y, n - y))
      const weight = f === 0 ? 0 : 1 / f
      re[y * n + x] = re[y * n + x]! * weight
      im[y * n + x] = im[y * n + x]! * weight
    }
  }
  fft2(re, im, n, 1)
  toBytes(re, n, size, CONTRAST * Math.exp(CONTRAST_SPREAD * rng.normal()), out)
}

/** Top-left `size` x `size` of a field, scaled to the given sd around the middle grey. */
function toBytes(field: Float64Array, n: number, size: number, sd: number, out: Uint8Array): void {
  let power = 0
  for (const value of field) power += value * value
  const scale = sd / Math.sqrt(power / field.length)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const value = MEAN + scale * field[y * n + x]!
      out[y * size + x] = Math.round(Math.min(255, Math.max(0, value)))
    }
  }
}
