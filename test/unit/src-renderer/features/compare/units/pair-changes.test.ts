import { describe, expect, it } from 'vitest'
import {
  pairChanges,
  pairsText,
  shareOfCeiling,
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

describe('pairsText', () => {
  const left = { elsewhere: 0, ceiling: 0, fev: 0, undefined: 0 }
  const one = { mean: 0.02, low: null, high: null, note: 'one seed, no interval', paired: true, seeds: 1 }
  const outlook = { kind: 'no-spread' as const, more: 2 }
  const answer = { pairs: [], n: 600, aHigher: 188, bHigher: 412, difference: { ...one, outlook }, left }

  it('describes two single networks and tests nothing', () => {
    expect(pairsText(answer, 'B', 'A')).toBe(
      '412 of 600 units are higher in B, 188 in A; one network each: no test.',
    )
    expect(pairsText({ ...answer, n: 0, difference: null }, 'B', 'A')).toContain('no unit in common')
  })

  it('tests networks, not units, and names units that are equal', () => {
    const difference = { ...one, low: -0.01, high: 0.05, note: 'paired over 3 seeds', seeds: 3 }
    const seeds = { ...difference, outlook: { kind: 'seeds' as const, more: 4 } }
    expect(pairsText({ ...answer, n: 602, difference: seeds }, 'B', 'A')).toBe(
      '412 of 602 units are higher in B, 188 in A, 2 are equal. Mean over units, B − A: +0.020, ' +
        '95 % interval −0.010 to +0.050, paired over 3 seeds: not settled; about 4 more seeds would do. ' +
        'Tested over seeds (Student’s t), since units of one network are not independent.',
    )
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
