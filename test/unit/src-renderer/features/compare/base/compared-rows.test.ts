import { describe, expect, it } from 'vitest'
import {
  comparedRows,
  perSeed,
  sampleOf,
} from '../../../../../../src-renderer/features/compare/base/compared-rows.ts'
import {
  quantityOfRows,
  quantitiesOf,
} from '../../../../../../src-renderer/features/compare/relations/quantities.ts'
import { ACCURACY, COMPARISON, RUNS } from '../../../../../views/features/compare/small-comparison.ts'

/** The joint setting has a repeat of its second seed. */
const [, , , joint2] = RUNS
const repeat = { ...joint2, id: 'bbbbbbbbb3' } as (typeof RUNS)[number]
const repeated = {
  ...COMPARISON,
  runs: [...RUNS, repeat],
  groups: COMPARISON.groups.map((g) => (g.name === 'joint' ? { ...g, ids: [...g.ids, repeat.id] } : g)),
}

describe('the rows of every part', () => {
  it('are runs, or settings with their seeds', () => {
    expect(comparedRows(COMPARISON, 'runs').map((r) => [r.label, r.isBaseline])).toEqual([
      ['plain, seed 1', true],
      ['plain, seed 2', false],
      ['joint, seed 1', false],
      ['joint, seed 2', false],
    ])
    expect(comparedRows(COMPARISON, 'seeds').map((r) => [r.label, r.isBaseline, r.ids.length])).toEqual([
      ['plain, 2 seeds', true, 2],
      ['joint, 2 seeds', false, 2],
    ])
  })

  it('leave out runs without what is asked for, and rows without such runs', () => {
    const rows = comparedRows(COMPARISON, 'seeds', (id) => id === 'bbbbbbbbb2')
    expect(rows.map((r) => [r.id, r.label])).toEqual([['bbbbbbbbb2', 'joint, 1 seed']])
  })

  it('take repeats of a seed as one number', () => {
    const row = comparedRows(repeated, 'seeds')[1]
    if (row === undefined) throw new Error('there is such a row')
    expect(row.label).toBe('joint, 2 seeds')
    const values: Record<string, number | null> = { bbbbbbbbb1: 1, bbbbbbbbb2: 3, bbbbbbbbb3: 5 }
    expect(perSeed(row, (id) => values[id] ?? null)).toEqual([1, 4])
    expect(perSeed(row, (id) => (id === 'bbbbbbbbb1' ? null : 3))).toEqual([null, 3])
    expect(sampleOf(row, (id) => (id === 'bbbbbbbbb1' ? null : 3))).toEqual([3])
  })

  it('have scores against the baseline of the same seed over seeds, as the table has', () => {
    const groups = COMPARISON.groups.map((g) => ({
      ...g,
      metrics: g.metrics.map((m) =>
        m.key === ACCURACY && g.name === 'joint' ? { ...m, values: [1, 2] } : m,
      ),
    }))
    const c = { ...COMPARISON, groups }
    const valuesOf = (grouping: 'runs' | 'seeds') => {
      const q = quantitiesOf(c, grouping).find(({ id }) => id === ACCURACY)
      return q === undefined ? [] : quantityOfRows(c, q, comparedRows(c, grouping)).values
    }
    expect(valuesOf('seeds')).toEqual([94.5, 1.5])
    expect(valuesOf('runs')).toEqual([94, 95, 96, 97])
    expect(quantitiesOf(c, 'seeds').some(({ id }) => id === 'seed')).toBe(false)
  })
})
