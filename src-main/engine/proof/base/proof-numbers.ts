/** Mulberry32: equal numbers on every machine, spread well enough for inputs of a test. */
function generator(seed: number): () => number {
  let state = (seed * 0x9e3779b9) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** The longest stream drawn so far per seed: hundreds of cases read beginnings of the same few streams. */
const drawn = new Map<number, Float32Array>()

function firstOf(seed: number, size: number): Float32Array {
  const kept = drawn.get(seed)
  if (kept !== undefined && kept.length >= size) return kept.subarray(0, size)
  const next = generator(seed)
  const longer = new Float32Array(size)
  for (let i = 0; i < size; i++) longer[i] = next()
  drawn.set(seed, longer)
  return longer
}

/** `size` float32 numbers between `low` and `high`. */
export function numbers(size: number, seed: number, low = -1, high = 1): Float32Array {
  return firstOf(seed, size).map((value) => low + (high - low) * value)
}

/** Numbers between -1 and 1 that bfloat16 holds exactly (eight significant bits). */
export function shortNumbers(size: number, seed: number): Float32Array {
  return numbers(size, seed).map((value) => Math.round(value * 128) / 128)
}

/** Whole numbers from 0 to `below` - 1. */
export function integers(size: number, seed: number, below: number): Int32Array {
  const next = generator(seed)
  return Int32Array.from({ length: size }, () => Math.floor(next() * below))
}

/** `size` different numbers with a distance of at least 1 / size, shuffled: no ties for maxima and orders. */
export function distinctNumbers(size: number, seed: number): Float32Array {
  const next = generator(seed)
  const values = new Float32Array(size).map((_, i) => (2 * i + 1) / size - 1)
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    const kept = values[i]!
    values[i] = values[j]!
    values[j] = kept
  }
  return values
}

/** A stream of numbers from 0 to 1 for designs. */
export const stream = generator
