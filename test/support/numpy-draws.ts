import type { Draws } from '../../src-main/engine/data/corruptions/types.ts'
import { numpyRandom } from '../../src-shared/util/numpy-random.ts'

/** The draws that the published code takes after `np.random.seed(seed)`: uniform, randint and the polar normal. */
export function numpyDraws(seed: number): Draws {
  const random = numpyRandom(seed)
  let spare: number | null = null
  const normal = (): number => {
    if (spare !== null) {
      const kept = spare
      spare = null
      return kept
    }
    for (;;) {
      const x = 2 * random.randomSample() - 1
      const y = 2 * random.randomSample() - 1
      const s = x * x + y * y
      if (s >= 1 || s === 0) continue
      const f = Math.sqrt((-2 * Math.log(s)) / s)
      spare = f * x
      return f * y
    }
  }
  return {
    normals: (n) => Float64Array.from({ length: n }, normal),
    uniforms: (n) => Float64Array.from({ length: n }, random.randomSample),
    uniform: (low, high) => low + (high - low) * random.randomSample(),
    integer: (low, high) => low + random.interval(high - 1 - low),
  }
}
