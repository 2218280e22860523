import { describe, expect, it } from 'vitest'
import { intervalOf } from '../../../../../../src-renderer/ui/charts/statistics/interval-of.ts'

describe('intervalOf', () => {
  it('gives the standard deviation with n - 1 and the standard error', () => {
    // numpy.std([1, 2, 3, 4], ddof=1) = 1.2909944487358056
    const sd = intervalOf([1, 2, 3, 4], 'sd')
    expect(sd?.mean).toBe(2.5)
    expect((sd?.high ?? 0) - 2.5).toBeCloseTo(1.2909944487358056, 12)
    expect(2.5 - (intervalOf([1, 2, 3, 4], 'sem')?.low ?? 0)).toBeCloseTo(1.2909944487358056 / 2, 12)
  })

  it('spans all values', () => {
    expect(intervalOf([3, 1, 2], 'range')).toEqual({ n: 3, mean: 2, low: 1, high: 3 })
  })

  it('draws the same bootstrap each time, inside the range and around the mean', () => {
    const values = [0.41, 0.45, 0.39, 0.47, 0.43]
    const first = intervalOf(values, 'bootstrap')
    expect(intervalOf(values, 'bootstrap')).toEqual(first)
    // The percentile interval of the mean comes near mean +- 1.96 sd (n denominator) / sqrt(n) = 0.43 +- 0.0248.
    expect(first?.low).toBeCloseTo(0.405, 2)
    expect(first?.high).toBeCloseTo(0.455, 2)
  })

  it('has no interval with one value and nothing without values', () => {
    expect(intervalOf([2], 'sd')).toEqual({ n: 1, mean: 2, low: null, high: null })
    expect(intervalOf([], 'sd')).toBeNull()
  })
})
