/**
 * Named random streams. A stream is a key; `fork` derives another key and leaves this stream untouched, so
 * drawing more numbers for one purpose never moves another, and a resumed run needs no generator state:
 * it forks by (epoch, step, purpose) again.
 */
export interface Rng {
  /** A stream of its own for a purpose, an epoch, a sample index ... */
  fork(name: string | number): Rng
  /** 32 random bits. */
  u32(): number
  /** Uniform in [0, 1) with 53 bits. */
  uniform(): number
  /** Uniform integer in [0, n). */
  int(n: number): number
  /** Standard normal (Marsaglia polar method). */
  normal(): number
  /** Poisson count: Knuth's product below 30, transformed rejection (Hoermann 1993, PTRS) above. @throws RangeError for no finite mean. */
  poisson(mean: number): number
  /** Fisher-Yates permutation of 0..n-1. */
  permutation(n: number): Uint32Array
}

const GOLDEN = 0x9e3779b9
const LARGE_MEAN = 30

function mix(h: number): number {
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

type Key = readonly [number, number, number, number]

/** Absorbs one 32-bit word into a 128-bit key. */
function absorb(key: Key, word: number): Key {
  const a = mix((key[0] ^ word) >>> 0)
  const b = mix((key[1] + Math.imul(word, GOLDEN) + a) >>> 0)
  const c = mix((key[2] ^ b ^ (word >>> 7)) >>> 0)
  const d = mix((key[3] + c + Math.imul(a, 0x27d4eb2f)) >>> 0)
  return [(a ^ d) >>> 0, (b + d) >>> 0, (c ^ a) >>> 0, (d + b) >>> 0]
}

function absorbName(key: Key, name: string | number): Key {
  if (typeof name === 'number') {
    const high = Math.floor(name / 4294967296)
    return absorb(absorb(absorb(key, 1), name >>> 0), high >>> 0)
  }
  let next = absorb(key, 2)
  for (let i = 0; i < name.length; i++) next = absorb(next, name.charCodeAt(i))
  return absorb(next, name.length)
}

/** sfc32 (Doty-Humphrey), seeded by the key; passes PractRand and needs 32-bit arithmetic only. */
function generator(key: Key): () => number {
  let [a, b, c, d] = key
  const next = (): number => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) next()
  return next
}

function fromKey(key: Key): Rng {
  const u32 = generator(key)
  let spare: number | null = null
  const uniform = (): number => ((u32() >>> 5) * 67108864 + (u32() >>> 6)) / 9007199254740992
  const normal = (): number => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const s = x * x + y * y
      if (s === 0 || s >= 1) continue
      const f = Math.sqrt((-2 * Math.log(s)) / s)
      spare = y * f
      return x * f
    }
  }
  const int = (n: number): number => Math.floor(uniform() * n)
  const permutation = (n: number): Uint32Array => {
    const out = new Uint32Array(n)
    for (let i = 0; i < n; i++) out[i] = i
    for (let i = n - 1; i > 0; i--) {
      const j = int(i + 1)
      const t = out[i]!
      out[i] = out[j]!
      out[j] = t
    }
    return out
  }
  return {
    fork: (name) => fromKey(absorbName(key, name)),
    u32,
    uniform,
    int,
    normal,
    poisson: (mean) => {
      if (!Number.isFinite(mean)) throw new RangeError(`a Poisson count needs a finite mean, got ${mean}`)
      return mean < LARGE_MEAN ? poissonSmall(mean, uniform) : poissonLarge(mean, uniform)
    },
    permutation,
  }
}

function poissonSmall(mean: number, uniform: () => number): number {
  if (mean <= 0) return 0
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = uniform(); product > limit; product *= uniform()) count++
  return count
}

function poissonLarge(mean: number, uniform: () => number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const vr = 0.9277 - 3.6224 / (b - 2)
  for (;;) {
    const u = uniform() - 0.5
    const v = uniform()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= vr) return k
    if (k < 0 || (us < 0.013 && v > us)) continue
    const left = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b)
    if (left <= -mean + k * Math.log(mean) - logFactorial(k)) return k
  }
}

/** ln(k!) by Stirling's series (error below 1e-10 for k >= 10), a product below. */
function logFactorial(k: number): number {
  if (k < 10) {
    let product = 1
    for (let i = 2; i <= k; i++) product *= i
    return Math.log(product)
  }
  const x = k + 1
  return (
    (x - 0.5) * Math.log(x) - x + 0.9189385332046728 + 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5)
  )
}

/** The root stream of a seed (any finite number). */
export function createRng(seed: number): Rng {
  return fromKey(absorbName([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], seed))
}
