import type { Rng } from '../../../../src-shared/util/rng.ts'

/** Level -> share of the images that get it; the rest stays clean. */
export type NoiseLevels = Readonly<Record<string, number>>

/**
 * Level of each image of a batch: a random whole-number share of the batch for each level, the remainder clean (nntransfer
 * NoiseAugmentation). [n]
 */
export function levelsOfBatch(levels: NoiseLevels, n: number, rng: Rng): Float32Array {
  const order = rng.fork('order').permutation(n)
  const out = new Float32Array(n)
  let next = 0
  for (const [level, share] of Object.entries(levels)) {
    const end = Math.min(n, next + Math.floor(share * n))
    for (; next < end; next++) out[order[next]!] = Number(level)
  }
  return out
}

/** Standard-normal numbers for the images at `rows`, each from a stream of its own; 0 for the others. [n * size] */
export function normalsOf(n: number, size: number, wanted: (row: number) => boolean, rng: Rng): Float32Array {
  const values = new Float32Array(n * size)
  for (let row = 0; row < n; row++) {
    if (!wanted(row)) continue
    const image = rng.fork(row)
    for (let i = 0; i < size; i++) values[row * size + i] = image.normal()
  }
  return values
}
