import { describe, expect, it } from 'vitest'
import { groupLine } from '../../../../../../src-renderer/features/compare/curves/group-curves.ts'

const line = (values: readonly number[], step = 1) => values.map((y, i) => ({ x: i * step, y }))

describe('groupLine', () => {
  it('averages over runs and spreads a band', () => {
    const { mean, band } = groupLine([line([1, 2]), line([3, 4])], 'range')
    expect(mean.map((p) => p.y)).toEqual([2, 3])
    expect(band.low.map((p) => p.y)).toEqual([1, 2])
    expect(band.high.map((p) => p.y)).toEqual([3, 4])
  })

  it('divides by n - 1 for the standard deviation and by the root of n for the error', () => {
    const half = (spread: 'sd' | 'sem') => groupLine([line([1]), line([3])], spread).band.high[0]!.y! - 2
    expect(half('sd')).toBeCloseTo(Math.SQRT2, 12)
    expect(half('sem')).toBeCloseTo(1, 12)
  })

  it('reads runs of other step sizes between their points', () => {
    expect(groupLine([line([0, 1, 2, 3, 4]), line([0, 4], 4)], 'sd').mean.map((p) => p.y)).toEqual([
      0, 1, 2, 3, 4,
    ])
  })

  it('has no band and a smaller n where one run goes on alone', () => {
    const { mean, band, most, fewest } = groupLine([line([1, 1, 1]), line([3])], 'sd')
    expect(mean.map((p) => p.y)).toEqual([2, 1, 1])
    expect(band.low.slice(1).map((p) => p.y)).toEqual([null, null])
    expect([most, fewest]).toEqual([2, 1])
  })

  it('is empty without runs', () => {
    expect(groupLine([], 'sd')).toMatchObject({ mean: [], most: 0, fewest: 0 })
  })
})

it('says where runs drop out of a mean', () => {
  const line = (end: number) => Array.from({ length: end }, (_, x) => ({ x, y: x }))
  expect(groupLine([line(10), line(6), line(6)], 'interval').drops).toEqual([{ x: 6, n: 1 }])
})
