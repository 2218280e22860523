import { describe, expect, it } from 'vitest'
import { sessionScores } from '../../../../src-shared/contract/session-scores.ts'

const table = (session: string, columns: Record<string, (number | null)[]>) => ({
  session,
  area: 'v4',
  units: ['a', 'b', 'c'],
  columns,
})

describe('scores of sessions', () => {
  it('are means over the units that have a value, and say how many have', () => {
    const { columns, sessions } = sessionScores([
      table('one', { correlation: [0.25, null, 0.75], mu_x: [0, 0, 0], poisson: [1, 2, 3] }),
      table('two', { correlation: [0, 0.5, 1], feve: [-900, 0.5, -1], feve_masked: [NaN, null, -1] }),
    ])
    expect(columns).toEqual(['correlation', 'feve_masked'])
    expect(sessions).toEqual([
      { session: 'one', area: 'v4', units: 3, scores: { correlation: { mean: 0.5, n: 2 } } },
      {
        session: 'two',
        area: 'v4',
        units: 3,
        scores: { correlation: { mean: 0.5, n: 3 }, feve_masked: { mean: -1, n: 1 } },
      },
    ])
  })

  it('leave a score out of which no unit has a value', () => {
    const { columns, sessions } = sessionScores([table('one', { correlation: [null, NaN, Infinity] })])
    expect(columns).toEqual([])
    expect(sessions[0]?.scores).toEqual({})
  })
})
