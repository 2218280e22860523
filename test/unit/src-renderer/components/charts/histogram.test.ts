import { describe, expect, it } from 'vitest'
import { histogramOf, medianOf } from '../../../../../src-renderer/components/charts/histogram.ts'

describe('histogramOf', () => {
  it('counts every finite value once, the greatest one too', () => {
    const bins = histogramOf([0, 1, 1.9, 2, null, Number.NaN, 4], 4)
    expect(bins.map((b) => b.count)).toEqual([1, 2, 1, 1])
    expect(bins[0]).toMatchObject({ low: 0, high: 1 })
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
