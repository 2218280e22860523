import type { Draws } from '../../src-main/engine/data/corruptions/base/types.ts'

/** Element i of the hash stream that the stored results were made with, in [0, 1). */
function hashUniform(i: number, seed: number): number {
  let h = (i + Math.imul(seed, 0x9e3779b9)) >>> 0
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  h ^= h >>> 16
  return (h >>> 0) / 4294967296
}

/** Given random numbers: a normal is 2 (u_i + u_(n+i) + u_(2n+i) - 1.5). `used` counts the uniforms taken. */
export function hashDraws(seed: number): Draws & { used(): number } {
  let next = 0
  const one = (): number => hashUniform(next++, seed)
  const uniforms = (n: number): Float64Array => Float64Array.from({ length: n }, one)
  const normals = (n: number): Float64Array => {
    const [a, b, c] = [uniforms(n), uniforms(n), uniforms(n)]
    return a.map((u, i) => 2 * (u + b[i]! + c[i]! - 1.5))
  }
  return {
    normals,
    uniforms,
    uniform: (low, high) => low + (high - low) * one(),
    integer: (low, high) => Math.floor(low + (high - low) * one()),
    used: () => next,
  }
}
