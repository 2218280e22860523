import { describe, expect, it } from 'vitest'
import {
  cumulativeOf,
  histogramOf,
  medianOf,
} from '../../../../../../src-renderer/ui/charts/statistics/histogram.ts'

describe('histogramOf', () => {
  it('counts every finite value once, the greatest one too', () => {
    const bins = histogramOf([0, 1, 1.9, 2, null, Number.NaN, 4], 4)
    expect(bins.map((b) => b.count)).toEqual([1, 2, 1, 1])
    expect(bins[0]).toMatchObject({ low: 0, high: 1 })
  })

  it('has round edges, with 0 on one of them', () => {
    const bins = histogramOf([-0.113, 0.004, 0.271], 12)
    expect(bins[0]).toMatchObject({ low: -0.15, high: -0.1 })
    expect(bins.some((b) => b.low === 0)).toBe(true)
    expect(bins.at(-1)?.high).toBe(0.3)
  })

  it('puts equal values into one bin', () => {
    expect(histogramOf([3, 3, 3], 5).reduce((n, b) => n + b.count, 0)).toBe(3)
  })

  it('is empty without values', () => {
    expect(histogramOf([null], 5)).toEqual([])
  })
})

it('finds the median of odd and even numbers of values', () => {
  expect(medianOf([3, 1, null, 2])).toBe(2)
  expect(medianOf([4, 1, 3, 2])).toBe(2.5)
  expect(medianOf([])).toBeNull()
})

it('rises to 1 over the sorted values', () => {
  expect(cumulativeOf([3, 1])).toEqual([
    { x: 1, y: 0 },
    { x: 1, y: 0.5 },
    { x: 3, y: 1 },
  ])
  expect(cumulativeOf([])).toEqual([])
  // Ends and shares stay what they are when points are left out.
  const many = Array.from({ length: 1000 }, (_, i) => i)
  const few = cumulativeOf(many, 11)
  expect(few).toHaveLength(12)
  expect(few.at(1)).toEqual({ x: 0, y: 0.001 })
  expect(few.at(-1)).toEqual({ x: 999, y: 1 })
  expect(few.every((p) => p.y === 0 || p.y === (p.x + 1) / 1000)).toBe(true)
})
