import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import type { CurveRequest } from '../../../../../src-main/runs/curves/thin-curve.ts'
import { thinCurve } from '../../../../../src-main/runs/curves/thin-curve.ts'
import type { RunSeries } from '../../../../../src-main/store/history/run-series.ts'

function series(values: readonly number[]): RunSeries {
  const column = Float64Array.from(values, (_, i) => i)
  const rows = Uint32Array.from(values, (_, i) => i)
  return {
    rows: values.length,
    step: column,
    epoch: column,
    images: column,
    seconds: column,
    elapsed: column,
    keys: new Map([['k', { rows, value: Float64Array.from(values) }]]),
  }
}
const ALL: CurveRequest = {
  points: 10,
  along: 'step',
  places: ['step', 'epoch', 'images', 'seconds', 'elapsed'],
  smoothing: 0,
  reduce: 'extremes',
}
const curveOf = (of: RunSeries, change: Partial<CurveRequest>) =>
  thinCurve('id', 'k', of, { ...ALL, ...change })!
const thin = (values: readonly number[], points: number, range = {}) =>
  curveOf(series(values), { points, ...range })

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

  it('shows all points of a stretch that is looked at closely, and where the line comes from and goes to', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => i)
    const curve = thin(values, 50, { from: 100.5, to: 120 })
    expect(curve.step).toEqual(Array.from({ length: 22 }, (_, i) => 100 + i))
    expect([curve.total, curve.min, curve.max, curve.start]).toEqual([22, 100, 121, 0])
  })

  it('counts a stretch along the axis that is looked at', () => {
    const of = series(Array.from({ length: 100 }, (_, i) => i))
    const later = { ...of, step: of.step.map((s) => 1000 + s), epoch: of.epoch.map((e) => e / 10) }
    expect(curveOf(later, { points: 50, along: 'epoch', from: 1, to: 2 }).step[0]).toBe(1009)
    expect(curveOf(later, { points: 50, along: 'relative', from: 10, to: 20 }).step[0]).toBe(1009)
    expect(curveOf(later, { points: 50, places: ['epoch'] }).step).toEqual([])
  })

  it('averages all points before thinning, and no settings', () => {
    const values = Array.from({ length: 5000 }, (_, i) => Math.sin(i) + i / 1000)
    const smooth = thin(values, 50, { smoothing: 0.9 })
    const whole = thin(values, 5000, { smoothing: 0.9 })
    expect(smooth.smooth).toEqual(smooth.step.map((step) => whole.smooth?.[step]))
    const of = series(values)
    const rate = { ...of, keys: new Map([['LR', of.keys.get('k')!]]) }
    expect(thinCurve('id', 'LR', rate, { ...ALL, smoothing: 0.9 })?.smooth).toBeUndefined()
  })

  it('gives the means of buckets for statistics over runs', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 1 : 3))
    const { value } = thin(values, 52, { reduce: 'mean' })
    expect(value).toHaveLength(52)
    expect(value.slice(1, -1).every((v) => Math.abs((v ?? 0) - 2) < 0.11)).toBe(true)
  })

  it('is nothing for a metric that the run does not have', () => {
    expect(thinCurve('id', 'other', series([1]), ALL)).toBeNull()
  })
})
