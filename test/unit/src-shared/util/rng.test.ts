import { describe, expect, it } from 'vitest'
import { createRng } from '../../../../src-shared/util/rng.ts'

/** The documented streams in whole numbers of any size: keys mixed as by murmur3, numbers by sfc32. */
const reference = (() => {
  const WORD = 0xffffffffn
  const mix = (h: bigint): bigint => {
    h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & WORD
    h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & WORD
    return h ^ (h >> 16n)
  }
  type Key = [bigint, bigint, bigint, bigint]
  const absorb = ([k0, k1, k2, k3]: Key, word: bigint): Key => {
    const a = mix(k0 ^ word)
    const b = mix((k1 + word * 0x9e3779b9n + a) & WORD)
    const c = mix(k2 ^ b ^ (word >> 7n))
    const d = mix((k3 + c + a * 0x27d4eb2fn) & WORD)
    return [a ^ d, (b + d) & WORD, c ^ a, (d + b) & WORD]
  }
  const named = (key: Key, name: string | number): Key => {
    if (typeof name === 'number') {
      const whole = BigInt(name)
      return [1n, whole & WORD, (whole >> 32n) & WORD].reduce(absorb, key)
    }
    const letters = Array.from({ length: name.length }, (_, i) => BigInt(name.charCodeAt(i)))
    return [2n, ...letters, BigInt(name.length)].reduce(absorb, key)
  }
  /** The first `n` numbers of the stream of a seed and the names of its forks. */
  return (n: number, seed: number, ...names: readonly (string | number)[]): number[] => {
    const root: Key = [0x243f6a88n, 0x85a308d3n, 0x13198a2en, 0x03707344n]
    let [a, b, c, d] = [seed, ...names].reduce(named, root)
    const out: number[] = []
    for (let i = 0; i < 12 + n; i++) {
      const t = (a + b + d) & WORD
      d = (d + 1n) & WORD
      a = b ^ (b >> 9n)
      b = (c * 9n) & WORD
      c = ((((c << 21n) | (c >> 11n)) & WORD) + t) & WORD
      if (i >= 12) out.push(Number(t))
    }
    return out
  }
})()

describe('random streams', () => {
  it.each<[number, ...(string | number)[]]>([
    [1000],
    [0],
    [-1],
    [2 ** 40 + 7],
    [3, 'epoch', 4, 'dropout.ß'],
    [3, '', 2 ** 33],
  ])('of %j are those of their definition', (seed, ...names) => {
    const stream = names.reduce<ReturnType<typeof createRng>>((rng, name) => rng.fork(name), createRng(seed))
    expect(Array.from({ length: 50 }, () => stream.u32())).toEqual(reference(50, seed, ...names))
  })

  it('do not move each other: a fork is the same before and after draws', () => {
    const rng = createRng(5)
    const before = rng.fork('a').u32()
    rng.normal()
    expect(rng.fork('a').u32()).toBe(before)
    expect(new Set([before, rng.fork('b').u32(), rng.fork(1).u32(), rng.fork('1').u32()]).size).toBe(4)
  })

  it('give 53 bits between 0 and 1, and whole numbers below a bound', () => {
    const rng = createRng(6)
    const words = reference(2, 6)
    const [high = 0, low = 0] = words
    expect(rng.uniform()).toBe(((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53)
    const drawn = Array.from({ length: 200 }, () => rng.int(7))
    expect([...new Set(drawn)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('permute every number to every place alike', () => {
    const rng = createRng(7)
    const orders = new Map<string, number>()
    for (let i = 0; i < 6000; i++) {
      const order = rng.permutation(3).join('')
      orders.set(order, (orders.get(order) ?? 0) + 1)
    }
    expect([...orders.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210'])
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(1000))
  })

  it('give normal numbers: moments, tails and no dependence of neighbours', () => {
    const rng = createRng(8)
    const n = 40_000
    const x = Array.from({ length: n }, () => rng.normal())
    const mean = (f: (value: number, i: number) => number) => x.reduce((sum, v, i) => sum + f(v, i), 0) / n
    expect(Math.abs(mean((v) => v))).toBeLessThan(4 / Math.sqrt(n))
    expect(Math.abs(mean((v) => v * v) - 1)).toBeLessThan(4 * Math.sqrt(2 / n))
    expect(Math.abs(mean((v) => v ** 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n))
    expect(Math.abs(mean((v, i) => v * (x[i ^ 1] ?? 0)))).toBeLessThan(4 * Math.sqrt(2 / n))
    const within = mean((v) => (Math.abs(v) < 1 ? 1 : 0))
    expect(Math.abs(within - 0.682689)).toBeLessThan(4 * Math.sqrt((0.6827 * 0.3173) / n))
  })

  it.each([0.4, 4, 29.9, 30, 33, 200])('give counts as Poisson of %d', (mean) => {
    const rng = createRng(9)
    const n = 20_000
    const counts = new Map<number, number>()
    for (let i = 0; i < n; i++) {
      const k = rng.poisson(mean)
      counts.set(k, (counts.get(k) ?? 0) + 1)
    }
    let p = Math.exp(-mean)
    for (let k = 0; k < 400; p *= mean / ++k) {
      const seen = counts.get(k) ?? 0
      if (n * p > 20) expect([k, Math.abs(seen - n * p) < 4.5 * Math.sqrt(n * p)]).toEqual([k, true])
      else if (n * p < 1e-3) expect([k, seen]).toEqual([k, 0])
    }
  })

  it('have no events where none are expected', () => {
    expect([0, -1].map((mean) => createRng(1).poisson(mean))).toEqual([0, 0])
    for (const mean of [NaN, Infinity])
      expect(() => createRng(1).poisson(mean)).toThrow(`a Poisson count needs a finite mean, got ${mean}`)
  })
})
