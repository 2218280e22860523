/**
 * The random numbers of NumPy's legacy generator and of torch's CPU generator, bit by bit: the published splits
 * are drawn with them. Both are MT19937 (Matsumoto & Nishimura 1998) seeded with one integer.
 * Everything of our own draws from `rng.ts` instead.
 */
export interface NumpyRandom {
  /** 32 random bits. */
  u32(): number
  /** `np.random.random_sample()`: uniform in [0, 1) with 53 bits. */
  randomSample(): number
  /** Uniform integer in 0..max, both included, by masking and redrawing (max < 2^32). */
  interval(max: number): number
  /** `np.random.shuffle(values)`, in place. */
  shuffle<T>(values: Indexed<T>): void
  /** `np.random.permutation(n)`: 0..n-1 shuffled. */
  permutation(n: number): Uint32Array
  /** `torch.randperm(n)` on the CPU after `torch.manual_seed(seed)`. */
  torchRandperm(n: number): Uint32Array
  /** `np.random.choice(n, size, replace=False)`: the first `size` of a permutation. */
  choice(n: number, size: number): Uint32Array
}

/** Arrays and typed arrays alike. */
interface Indexed<T> {
  readonly length: number
  [index: number]: T
}

const SIZE = 624
const SHIFT = 397
const MATRIX = 0x9908b0df
const SEED_FACTOR = 1812433253

/** `init_genrand`: what `np.random.seed(integer)` and `torch.manual_seed` run (not `init_by_array`). */
function seededState(seed: number): Uint32Array {
  const state = new Uint32Array(SIZE)
  state[0] = seed
  for (let i = 1; i < SIZE; i++) {
    const last = state[i - 1]!
    state[i] = Math.imul(SEED_FACTOR, last ^ (last >>> 30)) + i
  }
  return state
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < SIZE; i++) {
    const y = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff)
    state[i] = state[(i + SHIFT) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? MATRIX : 0)
  }
}

function temper(word: number): number {
  let y = word ^ (word >>> 11)
  y ^= (y << 7) & 0x9d2c5680
  y ^= (y << 15) & 0xefc60000
  return (y ^ (y >>> 18)) >>> 0
}

function mersenneTwister(seed: number): () => number {
  const state = seededState(seed)
  let next = SIZE
  return () => {
    if (next === SIZE) {
      twist(state)
      next = 0
    }
    return temper(state[next++]!)
  }
}

function swap<T>(values: Indexed<T>, i: number, j: number): void {
  const held = values[i] as T
  values[i] = values[j] as T
  values[j] = held
}

const counting = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i)

/** Smallest 2^k - 1 that is not below `max`. */
const maskOf = (max: number): number => (max === 0 ? 0 : 0xffffffff >>> Math.clz32(max))

/** The stream of `np.random.seed(seed)`; `seed` is an integer in 0..2^32-1. */
export function numpyRandom(seed: number): NumpyRandom {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError(`seed: expected an integer in 0..4294967295, got ${seed}`)
  }
  const u32 = mersenneTwister(seed)
  const interval = (max: number): number => {
    if (max === 0) return 0 // numpy draws nothing here
    const mask = maskOf(max)
    for (;;) {
      const value = (u32() & mask) >>> 0
      if (value <= max) return value
    }
  }
  const shuffle = <T>(values: Indexed<T>): void => {
    for (let i = values.length - 1; i > 0; i--) swap(values, i, interval(i))
  }
  const permutation = (n: number): Uint32Array => {
    const order = counting(n)
    shuffle(order)
    return order
  }
  const torchRandperm = (n: number): Uint32Array => {
    const order = counting(n)
    for (let i = 0; i < n - 1; i++) swap(order, i, i + (u32() % (n - i)))
    return order
  }
  return {
    u32,
    randomSample: () => ((u32() >>> 5) * 67108864 + (u32() >>> 6)) / 9007199254740992,
    interval,
    shuffle,
    permutation,
    torchRandperm,
    choice: (n, size) => permutation(n).slice(0, size),
  }
}
