import { describe, expect, it } from 'vitest'
import type { BySeed } from '../../../../../src-main/runs/compare/seed-difference.ts'
import { outlookOf, seedDifference } from '../../../../../src-main/runs/compare/seed-difference.ts'
import { meanOverUnits } from '../../../../../src-main/runs/compare/units-by-seed.ts'
import { leavesOutZero } from '../../../../../src-shared/contract/answer.ts'
import { studentQuantile } from '../../../../../src-shared/util/student-t.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'

const bySeed = (...values: number[]): BySeed => new Map(values.map((v, i) => [i + 1, v]))
const sdOf = (v: readonly number[]): number => {
  const mean = v.reduce((a, b) => a + b, 0) / v.length
  return Math.sqrt(v.reduce((a, x) => a + (x - mean) ** 2, 0) / (v.length - 1))
}

describe('what would settle a difference', () => {
  it('is nothing more where the interval leaves 0 out, in either direction', () => {
    expect(seedDifference(bySeed(12, 13, 14.5), bySeed(1, 2, 3))?.outlook).toEqual({
      kind: 'settled',
      more: 0,
    })
    expect(seedDifference(bySeed(1, 2, 3), bySeed(12, 13, 14.5))?.outlook).toEqual({
      kind: 'settled',
      more: 0,
    })
  })

  it('is three seeds where there is one, and nothing where seeds differ by the same amount', () => {
    expect(seedDifference(bySeed(2), bySeed(1))?.outlook).toEqual({ kind: 'no-spread', more: 2 })
    expect(seedDifference(bySeed(2, 3, 4), bySeed(1))?.outlook).toEqual({ kind: 'no-spread', more: 2 })
    expect(seedDifference(bySeed(2, 3, 4), bySeed(1, 2, 3))?.outlook).toEqual({
      kind: 'no-spread',
      more: null,
    })
    expect(seedDifference(bySeed(), bySeed(1))).toBeNull()
  })

  it('is the least number of seeds with an interval narrower than the effect, found here by trying each', () => {
    const rng = createRng(3)
    let advised = 0
    for (let round = 0; round < 200; round++) {
      const n = 2 + rng.int(5)
      const own = Array.from({ length: n }, () => 0.6 + rng.normal())
      const made = seedDifference(bySeed(...own), bySeed(...own.map(() => 0)))
      if (made === null || made.outlook.kind !== 'seeds') continue
      advised++
      const half = (size: number): number => (studentQuantile(0.975, size - 1) * sdOf(own)) / Math.sqrt(size)
      const effect = Math.abs(made.mean)
      let size = n + 1
      while (half(size) >= effect) size++
      expect(made.outlook.more).toBe(size - n)
    }
    expect(advised).toBeGreaterThan(20)
  })

  it('is more than can be advised, or no seeds at all, for effects that are small beside their spread', () => {
    const around = (effect: number) => [effect - 1, effect, effect + 1]
    const outlook = (effect: number) => seedDifference(bySeed(...around(effect)), bySeed(0, 0, 0))?.outlook
    expect(outlook(0.3)).toEqual({ kind: 'many', more: null })
    expect(outlook(0.01)).toEqual({ kind: 'too-small', more: null })
    expect(outlook(0)).toEqual({ kind: 'too-small', more: null })
  })

  it('counts for both settings where they are not paired', () => {
    const [own, base] = [
      [1, 2, 4],
      [0, 1, 2],
    ]
    const apart = { mean: 4 / 3, low: -1, high: 3 }
    const { more } = outlookOf(apart, [own ?? [], base ?? []])
    const half = (k: number): number => {
      const [a, b] = [sdOf(own ?? []) ** 2 / (3 + k), sdOf(base ?? []) ** 2 / (3 + k)]
      const df = (a + b) ** 2 / ((a ** 2 + b ** 2) / (2 + k))
      return studentQuantile(0.975, df) * Math.sqrt(a + b)
    }
    expect(half(more ?? NaN)).toBeLessThan(4 / 3)
    expect(half((more ?? NaN) - 1)).toBeGreaterThanOrEqual(4 / 3)
  })

  it('is kept by simulation: with so many seeds the interval is on average about as wide as the effect', () => {
    const rng = createRng(11)
    // An effect of 0.9 standard deviations needs 8 seeds: t(7) / sqrt(8) = 0.836, t(6) / sqrt(7) = 0.925.
    const seen = [0.9 - 1, 0.9, 0.9 + 1]
    expect(seedDifference(bySeed(...seen), bySeed(0, 0, 0))?.outlook).toEqual({ kind: 'seeds', more: 5 })
    const settled = Array.from({ length: 2000 }, () => {
      const own = Array.from({ length: 8 }, () => 0.9 + rng.normal())
      return seedDifference(bySeed(...own), bySeed(...own.map(() => 0)))?.outlook.kind === 'settled'
    }).filter(Boolean).length
    // About even odds: what "about" means.
    expect(settled / 2000).toBeGreaterThan(0.5)
    expect(settled / 2000).toBeLessThan(0.75)
  })
})

describe('units of networks', () => {
  it('are tested over networks: 5 of 100 null cases are called different, however much units move together', () => {
    const rng = createRng(5)
    const units = Array.from({ length: 40 }, (_, i) => String(i))
    const network = () => {
      const shift = rng.normal()
      return new Map(units.map((unit) => [unit, shift + rng.normal()]))
    }
    const side = (from: number) => meanOverUnits(new Map([0, 1, 2].map((i) => [from + i, network()])), units)
    for (const [from, rounds] of [
      [0, 1500],
      [10, 400],
    ] as const) {
      const wrong = Array.from({ length: rounds }, () => {
        const made = seedDifference(side(0), side(from))
        return made?.low != null && made.high !== null && leavesOutZero(made.low, made.high)
      }).filter(Boolean).length
      expect(wrong / rounds).toBeGreaterThan(0.02)
      expect(wrong / rounds).toBeLessThan(0.075)
    }
  })
})
