import type { Rng } from '../../../../../src-shared/util/rng.ts'

const MEAN = 127.5
/** Sd in grey levels: four of them fit between the middle and the bounds, so that next to nothing is cut off. */
const SD = 32

/** Independent Gaussian pixels, grey bytes [size, size] into `out`; for spike-triggered averages. */
export function whiteNoise(size: number, rng: Rng, out: Uint8Array): void {
  for (let i = 0; i < size * size; i++)
    out[i] = Math.round(Math.min(255, Math.max(0, MEAN + SD * rng.normal())))
}
