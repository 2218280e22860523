import type { Rng } from '../../../../../src-shared/util/rng.ts'
import type { Draws } from './types.ts'

/** Random numbers of a corruption from one of our streams. */
export function drawsFrom(rng: Rng): Draws {
  const field = (n: number, draw: () => number): Float64Array => {
    const out = new Float64Array(n)
    for (let i = 0; i < n; i++) out[i] = draw()
    return out
  }
  return {
    normals: (n) => field(n, rng.normal),
    uniforms: (n) => field(n, rng.uniform),
    uniform: (low, high) => low + (high - low) * rng.uniform(),
    integer: (low, high) => low + rng.int(high - low),
  }
}
