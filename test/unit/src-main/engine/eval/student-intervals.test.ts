import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import { meanInterval, welchInterval } from '../../../../../src-main/engine/eval/student-intervals.ts'
import { studentQuantile } from '../../../../../src-shared/util/student-t.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'

describe('meanInterval', () => {
  it('gives none where a sample allows none', () => {
    expect(meanInterval([3])).toEqual({ mean: 3, low: null, high: null })
    expect(meanInterval([3, 3, 3])).toEqual({ mean: 3, low: null, high: null })
  })

  it('covers the truth of normal samples in 95 of 100 cases, also for three seeds', () => {
    const rng = createRng(5)
    for (const n of [2, 3, 5]) {
      const hits = Array.from({ length: 2000 }, () => {
        const { low, high } = meanInterval(Array.from({ length: n }, () => 7 + 2 * rng.normal()))
        return low !== null && high !== null && low <= 7 && high >= 7
      }).filter(Boolean).length
      expect(hits / 2000).toBeGreaterThan(0.935)
      expect(hits / 2000).toBeLessThan(0.965)
    }
  })
})

describe('welchInterval', () => {
  it('equals a worked example: unequal n and variance', () => {
    const a = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9]
    const b = [27.1, 22.0, 20.8]
    const { mean, low, high } = welchInterval(a, b)
    // By hand: means 21 and 23.3; variances 15.724 / 6 and 11.19 / 3.
    const [va, vb] = [15.724 / 6, 11.19 / 3]
    const df = (va + vb) ** 2 / (va ** 2 / 5 + vb ** 2 / 2)
    expect(mean).toBeCloseTo(-2.3, 10)
    const half = studentQuantile(0.975, df) * Math.sqrt(va + vb)
    expect(low).toBeCloseTo(-2.3 - half, 6)
    expect(high).toBeCloseTo(-2.3 + half, 6)
  })

  it('gives none where both samples are constant, and one where only one is', () => {
    expect(welchInterval([3, 3], [1, 1])).toEqual({ mean: 2, low: null, high: null })
    const { mean, low, high } = welchInterval([3, 3], [1, 2])
    const half = studentQuantile(0.975, 1) * Math.sqrt(0.25) // one variance of 0.5 / 2, one degree of freedom
    expect([mean, low, high]).toEqual([1.5, expect.closeTo(1.5 - half, 9), expect.closeTo(1.5 + half, 9)])
  })

  it('has one where both samples vary alike', () => {
    expect(welchInterval([1, 2], [4, 5]).low).toBeLessThan(-3)
  })

  it('turns its sign with the order and needs two values on each side', () => {
    const sample = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const [there, back] = [welchInterval(a, b), welchInterval(b, a)]
        expect(there.mean).toBeCloseTo(-back.mean, 8)
        if (a.length < 2 || b.length < 2) expect(there.low).toBeNull()
        if (there.low !== null) expect(there.low).toBeCloseTo(-(back.high ?? NaN), 6)
      }),
      { numRuns: 200 },
    )
  })
})
