import { describe, expect, it } from 'vitest'
import { pairedBootstrap, quantile, signTest } from '../../../../../src-main/engine/eval/paired-statistics.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'

describe('pairedBootstrap', () => {
  const rng = createRng(1)
  const noise = Array.from({ length: 5 }, () => Array.from({ length: 40 }, () => 0.3 + rng.normal()))

  it('is the same for the same generator and covers its mean', () => {
    const first = pairedBootstrap(noise, createRng(7))
    expect(pairedBootstrap(noise, createRng(7))).toEqual(first)
    expect(first.low).toBeLessThan(first.mean)
    expect(first.high).toBeGreaterThan(first.mean)
  })

  it('has no width without variation and leaves missing values out', () => {
    expect(
      pairedBootstrap(
        [
          [2, 2, NaN],
          [2, 2, 2],
        ],
        createRng(1),
      ),
    ).toEqual({ mean: 2, low: 2, high: 2 })
  })

  it('leaves out draws without any number, and has no interval for no neurons', () => {
    const { mean, low, high } = pairedBootstrap([[1, NaN]], createRng(1))
    expect([mean, low, high]).toEqual([1, 1, 1])
    expect(pairedBootstrap([], createRng(1))).toEqual({ mean: NaN, low: NaN, high: NaN })
  })

  it('covers the standard error of a mean: about 2 x 1.96 / sqrt(n) wide', () => {
    const draws = createRng(3)
    const { low, high } = pairedBootstrap([Array.from({ length: 400 }, () => draws.normal())], createRng(2))
    expect(high - low).toBeGreaterThan(0.16)
    expect(high - low).toBeLessThan(0.24)
  })

  it('sees variation between seeds: one neuron, two seeds far apart', () => {
    expect(pairedBootstrap([[0], [10]], createRng(4))).toEqual({ mean: 5, low: 0, high: 10 })
  })
})

describe('quantile', () => {
  it('interpolates', () => {
    expect(quantile([0, 10, 20], 0.25)).toBe(5)
    expect(quantile([], 0.5)).toBeNaN()
  })
})

describe('signTest', () => {
  it('is exact: 5 of 5 has p = 2 / 32', () => {
    expect(signTest([1, 2, 3, 4, 5, 7], [0, 0, 0, 0, 0, 7])).toEqual({
      positive: 5,
      negative: 0,
      p: expect.closeTo(1 / 16, 9) as number,
    })
  })

  it('is 1 for an even split and for no difference at all', () => {
    expect(signTest([1, 0], [0, 1]).p).toBe(1)
    expect(signTest([1, 1], [1, 1]).p).toBe(1)
  })

  it('holds for thousands of neurons', () => {
    const a = Array.from({ length: 3000 }, (_, i) => (i < 1600 ? 1 : -1))
    const zeros = a.map(() => 0)
    // Normal approximation: z = (1600 - 1500.5) / sqrt(750) = 3.633, p = 2.8e-4.
    expect(signTest(a, zeros).p).toBeCloseTo(2.8e-4, 5)
  })
})
