import { describe, expect, it } from 'vitest'
import type { Distributions } from '../../../../../../src-renderer/features/compare/units/unit-measures.ts'
import {
  NO_FILTER,
  countText,
  scoreColumns,
  unitGroups,
} from '../../../../../../src-renderer/features/compare/units/unit-measures.ts'
import { compareRuns } from '../../../../../support/fake-renderer/made-up-comparison.ts'
import { manyRuns } from '../../../../../support/fake-renderer/made-up-runs.ts'

const none = { elsewhere: 0, ceiling: 0, fev: 0, undefined: 0 }

describe('countText', () => {
  it('always says how many units count, and why others do not', () => {
    expect(countText(60, none, NO_FILTER)).toBe('n = 60 units, none left out')
    expect(countText(50, { ...none, ceiling: 8, undefined: 2 }, { ...NO_FILTER, leastCeiling: 0.5 })).toBe(
      'n = 50 of 60 units; left out: 8 with a ceiling below 0.5, 2 without a value',
    )
  })
})

it('offers scores, not what is known about the unit', () => {
  expect(scoreColumns(['mu_x', 'oracle', 'feve', 'poisson', 'correlation', 'fev'])).toEqual([
    'correlation',
    'feve',
    'poisson',
  ])
})

describe('unitGroups', () => {
  const c = compareRuns(manyRuns(6), null)
  const group = c.groups.find((g) => g.ids.length > 1)
  const [one = '', two = ''] = group?.ids ?? []
  const answer = {
    runs: [
      { id: one, units: ['s x', 's y'], values: [0.2, 0.4], left: none },
      { id: two, units: ['s y', 's z'], values: [0.6, 1], left: none },
    ],
  } as unknown as Distributions

  it('has a row per run', () => {
    const rows = unitGroups(answer, c, 'runs', () => '--c0')
    expect(rows.map((r) => r.id).sort()).toEqual([one, two].sort())
  })

  it('averages each unit over the seeds that have it', () => {
    const [row, ...rest] = unitGroups(answer, c, 'seeds', () => '--c0')
    expect(rest).toEqual([])
    expect(row?.label).toContain('2 seeds')
    expect(Object.fromEntries((row?.names ?? []).map((n, i) => [n, row?.values[i]]))).toEqual({
      's x': 0.2,
      's y': 0.5,
      's z': 1,
    })
  })
})
