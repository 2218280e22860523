import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { thinCurve } from '../../../../src-main/runs/thin-curve.ts'
import type { RunSeries } from '../../../../src-main/store/run-series.ts'

function series(values: readonly number[]): RunSeries {
  const column = Float64Array.from(values, (_, i) => i)
  const rows = Uint32Array.from(values, (_, i) => i)
  return {
    rows: values.length,
    step: column,
    epoch: column,
    images: column,
    seconds: column,
    keys: new Map([['k', { rows, value: Float64Array.from(values) }]]),
  }
}
const thin = (values: readonly number[], points: number, range = {}) =>
  thinCurve('id', 'k', series(values), { points, ...range })

describe('thinning a curve', () => {
  it('keeps every spike, the ends and the order, within the number of points', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 500 })
    fc.assert(
      fc.property(values, fc.integer({ min: 10, max: 100 }), (given, points) => {
        const curve = thin(given, points)
        expect(curve.step.length).toBeLessThanOrEqual(Math.max(points, 0))
        expect(curve.step).toEqual([...curve.step].sort((a, b) => a - b))
        expect(new Set(curve.step).size).toBe(curve.step.length)
        expect([curve.step[0], curve.step.at(-1)]).toEqual([0, given.length - 1])
        expect(Math.max(...(curve.value as number[]))).toBe(Math.max(...given))
        expect(Math.min(...(curve.value as number[]))).toBe(Math.min(...given))
        expect([curve.total, curve.last]).toEqual([given.length, given.at(-1)])
      }),
    )
  })

  it('shows a stretch without finite values as a gap', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i >= 400 && i < 600 ? Number.NaN : 1))
    const { value, step } = thin(values, 50)
    const gaps = step.filter((_, i) => value[i] === null)
    expect(gaps.length).toBeGreaterThan(3)
    expect(gaps.every((s) => s >= 400 && s < 600)).toBe(true)
  })

  it('shows all points of a short stretch that is looked at closely', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => i)
    const curve = thin(values, 50, { from: 100, to: 120 })
    expect(curve.step).toEqual(Array.from({ length: 21 }, (_, i) => 100 + i))
    expect([curve.total, curve.min, curve.max]).toEqual([21, 100, 120])
  })

  it('is empty for a metric that the run does not have', () => {
    expect(thinCurve('id', 'other', series([1]), { points: 10 })).toMatchObject({
      total: 0,
      value: [],
      min: null,
      last: null,
    })
  })
})
