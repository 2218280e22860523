import { describe, expect, it } from 'vitest'
import {
  pairChanges,
  shareOfCeiling,
  signTestText,
} from '../../../../../../src-renderer/features/compare/units/pair-changes.ts'
import { meanBySeverity } from '../../../../../../src-renderer/features/compare/robustness/mean-by-severity.ts'

const pair = (unit: string, a: number | null, b: number | null, ceiling: number | null = 1) => ({
  session: 's',
  area: 'v1',
  unit,
  a,
  b,
  ceiling,
  fev: null,
})

it('sorts from gain to loss and leaves out units without two scores', () => {
  const pairs = [pair('x', 0.5, 0.4), pair('y', 0.1, 0.9), pair('z', null, 1)]
  expect(pairChanges(pairs).map((c) => c.unit)).toEqual(['y', 'x'])
})

describe('signTestText', () => {
  const left = { elsewhere: 0, ceiling: 0, fev: 0, undefined: 0 }
  const answer = { pairs: [], n: 10, aHigher: 1, bHigher: 9, pValue: 0.0215, left }

  it('states the sign test with its n', () => {
    expect(signTestText(answer, 'B', 'A')).toBe(
      'Of 10 units 9 are better in B and 1 in A, sign test p = 0.021.',
    )
    expect(signTestText({ ...answer, pValue: 1e-9 }, 'B', 'A')).toContain('p < 0.001')
    expect(signTestText({ ...answer, n: 0 }, 'B', 'A')).toContain('no unit in common')
  })

  it('names units that are equal in both', () => {
    expect(signTestText({ ...answer, n: 12 }, 'B', 'A')).toContain('1 in A, 2 equal, sign test')
  })
})

it('finds the share of the ceiling as a slope through the origin', () => {
  const changes = pairChanges([pair('x', 0.4, 0.2, 0.8), pair('y', 0.3, 0.3, 0.6), pair('z', 1, 1, null)])
  // numpy.linalg.lstsq([[0.8], [0.6]], [0.4, 0.3]) = 0.5
  expect(shareOfCeiling(changes, 'a')).toBeCloseTo(0.5, 12)
  expect(shareOfCeiling(changes, 'b')).toBeCloseTo((0.8 * 0.2 + 0.6 * 0.3) / (0.64 + 0.36), 12)
  expect(shareOfCeiling(pairChanges([pair('z', 1, 1, null)]), 'a')).toBeNull()
})

it('averages a severity only where every corruption was measured', () => {
  const table = {
    id: 'a',
    baseline: null,
    clean: 99,
    corruptions: ['fog', 'snow'],
    severities: [1, 2],
    accuracy: [
      [90, 50],
      [80, null],
    ],
    baselineAccuracy: null,
    atChance: [],
    leftOut: 0,
    scores: {},
  }
  expect(meanBySeverity(table)).toEqual([
    { x: 0, y: 99 },
    { x: 1, y: 85 },
    { x: 2, y: null },
  ])
})
