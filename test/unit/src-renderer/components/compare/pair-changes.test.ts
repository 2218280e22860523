import { expect, it } from 'vitest'
import { pairChanges, signTestText } from '../../../../../src-renderer/components/compare/pair-changes.ts'
import { meanBySeverity } from '../../../../../src-renderer/components/compare/mean-by-severity.ts'

const pair = (unit: string, a: number | null, b: number | null, ceiling: number | null = 1) => ({
  session: 's',
  unit,
  a,
  b,
  ceiling,
})

it('sorts from gain to loss and leaves out units without two scores or below the ceiling asked for', () => {
  const pairs = [
    pair('x', 0.5, 0.4),
    pair('y', 0.1, 0.9),
    pair('z', null, 1),
    pair('w', 0.1, 1, 0.2),
    pair('v', 0, 1, null),
  ]
  expect(pairChanges(pairs, 0.5).map((c) => c.unit)).toEqual(['y', 'x'])
  expect(pairChanges(pairs, 0)).toHaveLength(4)
})

it('states the sign test with its n', () => {
  const pairs = [...Array.from({ length: 9 }, (_, i) => pair(`g${i}`, 0.1, 0.2)), pair('l', 0.2, 0.1)]
  const answer = { pairs, n: 10, better: 0, worse: 0, pValue: 0.0215 }
  expect(signTestText(answer, 'B', 'A')).toBe(
    'Of 10 units 9 are better in B and 1 in A, sign test p = 0.021.',
  )
  expect(signTestText({ ...answer, pValue: 1e-9 }, 'B', 'A')).toContain('p < 0.001')
  expect(signTestText({ ...answer, n: 0 }, 'B', 'A')).toContain('no unit in common')
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
    scores: {},
  }
  expect(meanBySeverity(table)).toEqual([
    { x: 0, y: 99 },
    { x: 1, y: 85 },
    { x: 2, y: null },
  ])
})
