import { describe, expect, it } from 'vitest'
import {
  boxStats,
  densityOf,
  jitterOf,
} from '../../../../../../src-renderer/ui/charts/statistics/box-stats.ts'

describe('boxStats', () => {
  it('gives quartiles as NumPy does, and whiskers that end at a value', () => {
    // numpy.quantile([1, 2, 3, 4, 5, 6, 100], [.25, .5, .75]) = [2.5, 4, 5.5]; the fence is 5.5 + 1.5 * 3 = 10
    expect(boxStats([100, 3, 1, 2, 6, 5, 4])).toEqual({
      n: 7,
      min: 1,
      q1: 2.5,
      median: 4,
      q3: 5.5,
      max: 100,
      mean: 121 / 7,
      whiskerMin: 1,
      whiskerMax: 6,
    })
  })

  it('says nothing about nothing', () => {
    expect(boxStats([])).toBeNull()
    expect(densityOf([])).toEqual([])
  })
})

describe('densityOf', () => {
  it('is high where the values are and integrates to about one', () => {
    const values = Array.from({ length: 200 }, (_, i) => Math.sin(i) * 0.1 + (i % 2))
    const density = densityOf(values)
    const step = (density[1]?.v ?? 0) - (density[0]?.v ?? 0)
    const area = density.reduce((a, d) => a + d.estimate * step, 0)
    // Some of the mass lies beyond the least and the greatest value.
    expect(area).toBeGreaterThan(0.7)
    expect(area).toBeLessThan(1.05)
    const at = (v: number) =>
      density.reduce((a, d) => (Math.abs(d.v - v) < Math.abs(a.v - v) ? d : a)).estimate
    expect(at(0)).toBeGreaterThan(2 * at(0.5))
  })

  it('is one place where all values are equal', () => {
    expect(densityOf([2, 2, 2])).toEqual([{ v: 2, estimate: 1 }])
  })
})

it('spreads points evenly within half a row to either side', () => {
  const places = Array.from({ length: 100 }, (_, i) => jitterOf(i)).sort((a, b) => a - b)
  expect(places[0]).toBeGreaterThanOrEqual(-0.5)
  expect(places.at(-1)).toBeLessThan(0.5)
  const gaps = places.slice(1).map((p, i) => p - (places[i] ?? 0))
  expect(Math.max(...gaps)).toBeLessThan(0.03)
})
