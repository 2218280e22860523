import { describe, expect, it } from 'vitest'
import type { Dot } from '../../../../../src-renderer/components/charts/scatter.ts'
import { limitsOf, rankCorrelation } from '../../../../../src-renderer/components/charts/scatter.ts'

const dots = (pairs: readonly (readonly [number, number])[]): Dot[] =>
  pairs.map(([x, y], i) => ({ id: String(i), x, y, label: '', token: '--c0' }))

describe('rankCorrelation', () => {
  it('is 1 for any rising and -1 for any falling relation', () => {
    expect(
      rankCorrelation(
        dots([
          [1, 1],
          [2, 10],
          [3, 1000],
        ]),
      ),
    ).toBeCloseTo(1, 12)
    expect(
      rankCorrelation(
        dots([
          [1, 3],
          [2, 2],
          [3, 1],
        ]),
      ),
    ).toBeCloseTo(-1, 12)
  })

  it('shares ranks between ties', () => {
    // scipy.stats.spearmanr([1, 2, 2, 4], [1, 3, 2, 4]) = 0.9486832980505138
    expect(
      rankCorrelation(
        dots([
          [1, 1],
          [2, 3],
          [2, 2],
          [4, 4],
        ]),
      ),
    ).toBeCloseTo(0.9486832980505138, 12)
  })

  it('says nothing about two points or a constant', () => {
    expect(
      rankCorrelation(
        dots([
          [1, 1],
          [2, 2],
        ]),
      ),
    ).toBeNull()
    expect(
      rankCorrelation(
        dots([
          [1, 1],
          [1, 2],
          [1, 3],
        ]),
      ),
    ).toBeNull()
  })
})

it('uses the same limits on both axes where the identity line matters', () => {
  const { x, y } = limitsOf(
    dots([
      [0, 5],
      [10, 6],
    ]),
    true,
  )
  expect(x).toEqual(y)
  expect(x[0]).toBeLessThan(0)
  expect(x[1]).toBeGreaterThan(10)
})
