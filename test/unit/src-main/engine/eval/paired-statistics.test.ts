import { describe, expect, it } from 'vitest'
import { pairedBootstrap, quantile } from '../../../../../src-main/engine/eval/paired-statistics.ts'
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
