import { describe, expect, it } from 'vitest'
import type { Dot } from '../../../../../../src-renderer/ui/charts/scatter/scatter.ts'
import {
  dotTable,
  levelRange,
  limitsOf,
  rankCorrelation,
  slopeEnds,
} from '../../../../../../src-renderer/ui/charts/scatter/scatter.ts'

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
    { identity: true },
  )
  expect(x).toEqual(y)
  expect(x[0]).toBeLessThan(0)
  expect(x[1]).toBeGreaterThan(10)
})

it('counts error bars and guides among the limits, and takes whole words', () => {
  const [dot] = dots([[1, 5]])
  const bar = { ...(dot as Dot), yLow: 3, yHigh: 9 }
  const { x, y } = limitsOf([bar], { guides: [{ kind: 'x', at: 4, label: '' }], yNames: null })
  expect(x[1]).toBeGreaterThan(4)
  expect(y[0]).toBeLessThan(3)
  expect(y[1]).toBeGreaterThan(9)
  expect(limitsOf([bar], { xNames: ['a', 'b'] }).x).toEqual([-0.5, 1.5])
})

it('keeps a log axis above zero', () => {
  const { x } = limitsOf(
    dots([
      [0, 1],
      [0.001, 1],
      [10, 1],
    ]),
    { xLog: true },
  )
  expect(x[0]).toBeGreaterThan(0)
  expect(x[0]).toBeLessThan(0.001)
})

it('draws a share of the ceiling from the origin to the edge of the plot', () => {
  expect(slopeEnds(0.5, { x: [-1, 1], y: [-1, 1] })).toEqual([
    [0, 0],
    [1, 0.5],
  ])
  expect(slopeEnds(2, { x: [0, 1], y: [0, 1] })[1]).toEqual([0.5, 1])
})

it('writes words, levels and error bars into the table only where there are some', () => {
  const [dot] = dots([[1, 5]])
  expect(dotTable([dot as Dot], { xTitle: 'lr', yTitle: 'acc' })).toEqual({
    head: ['Name', 'lr', 'acc'],
    rows: [['', 1, 5]],
  })
  const full = { ...(dot as Dot), level: 7, yLow: 4, yHigh: 6 }
  expect(dotTable([full], { xTitle: 'fn', yTitle: 'acc', xNames: ['a', 'b'], levelTitle: 'time' })).toEqual({
    head: ['Name', 'fn', 'acc', 'acc, low', 'acc, high', 'time'],
    rows: [['', 'b', 5, 4, 6, 7]],
  })
  expect(levelRange([full])).toEqual([7, 7])
  expect(levelRange([dot as Dot])).toBeNull()
})
