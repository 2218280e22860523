import { describe, expect, it } from 'vitest'
import { bestOf } from '../../../../../../src-renderer/ui/table/table-column.ts'
import { compareColumns } from '../../../../../../src-renderer/features/compare/table/compare-columns.ts'
import {
  compareRows,
  scoreOf,
  trustNote,
} from '../../../../../../src-renderer/features/compare/table/compare-rows.ts'
import { unitMeasure } from '../../../../../../src-renderer/features/compare/table/evidence.ts'
import { sortRows } from '../../../../../../src-renderer/features/compare/table/sort-rows.ts'
import { compareRuns } from '../../../../../support/fake-renderer/made-up-comparison.ts'
import { manyRuns } from '../../../../../support/fake-renderer/made-up-runs.ts'

const ACCURACY = 'FinalTest/img_classification/eval'
const fakes = manyRuns(15)
const comparison = compareRuns(fakes, fakes[0]!.summary.id)

describe('a row', () => {
  it('says its difference in one sentence over seeds, and nothing of single runs', () => {
    const [, row] = compareRows(comparison, 'seeds')
    expect(row && scoreOf(row, ACCURACY).answer).toMatch(
      /^.+ is [\d.]+ points (more|less) accurate than .+ seeds: /,
    )
    expect(compareRows(comparison, 'runs').every((r) => scoreOf(r, ACCURACY).answer === '')).toBe(true)
  })

  it('never decides on one seed', () => {
    const rows = compareRows(comparison, 'runs')
    expect(rows.every((r) => scoreOf(r, ACCURACY).interval === null)).toBe(true)
  })
})

describe('compareRows', () => {
  it('groups runs that differ in the seed only', () => {
    const rows = compareRows(comparison, 'seeds')
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatchObject({ isBaseline: true, seeds: [1000, 2000, 3000, 4000, 5000] })
    expect(scoreOf(rows[1]!, ACCURACY).n).toBe(5)
    expect(scoreOf(rows[1]!, ACCURACY).interval).not.toBeNull()
  })

  it('unfolds a setting into its seeds, which are sorted with it', () => {
    const key = compareRows(comparison, 'seeds')[0]!.key
    const rows = compareRows(comparison, 'seeds', { unfolded: new Set([key]) })
    expect(rows).toHaveLength(8)
    expect(rows[1]).toMatchObject({ parent: { key }, seeds: [1000], isBaseline: false })
    const columns = compareColumns(comparison, 'seeds', { isShown: () => true })
    const sorted = sortRows(rows, columns, [{ id: ACCURACY, desc: true }])
    const at = sorted.findIndex((r) => r.key === key)
    expect(sorted.slice(at + 1, at + 6).every((r) => r.parent?.key === key)).toBe(true)
  })

  it('shows the asked kind of spread, and none for one seed', () => {
    const range = compareRows(
      {
        ...comparison,
        groups: comparison.groups.map((g) => ({
          ...g,
          metrics: g.metrics.map((m) => ({ ...m, range: [1, 2] as [number, number] })),
        })),
      },
      'seeds',
      { spread: 'range' },
    )
    expect(scoreOf(range[0]!, ACCURACY).spread).toEqual({ low: 1, high: 2 })
    expect(scoreOf(compareRows(comparison, 'runs')[0]!, ACCURACY).spread).toBeNull()
  })

  it('states what may be concluded', () => {
    expect(trustNote(compareRows(comparison, 'runs'), 'runs', true)).toContain('no interval')
    expect(trustNote(compareRows(comparison, 'seeds'), 'seeds', true)).toContain('leaves 0 out')
    expect(trustNote([], 'seeds', false)).toContain('Pin a baseline')
  })
})

describe('compareColumns', () => {
  it('shows differing options only; seeds are no option once they are grouped', () => {
    const ids = (grouping: 'runs' | 'seeds') =>
      compareColumns(comparison, grouping, { isShown: () => true }).map((c) => c.id)
    expect(ids('runs')).toContain('seed')
    expect(ids('seeds')).not.toContain('seed')
    expect(ids('runs')).toContain('dataset.fn')
    expect(ids('runs')).not.toContain('model.config.width')
  })

  it('crowns no best value among single runs', () => {
    const best = (grouping: 'runs' | 'seeds') =>
      bestOf(
        compareColumns(comparison, grouping, { isShown: () => true }).find((c) => c.id === ACCURACY)!,
        compareRows(comparison, grouping),
      )
    expect(best('runs')).toBeNull()
    expect(best('seeds')).not.toBeNull()
  })

  it('hides what a person hid', () => {
    expect(
      compareColumns(comparison, 'runs', { isShown: (id) => id !== ACCURACY }).some((c) => c.id === ACCURACY),
    ).toBe(false)
  })
})

describe('is it real', () => {
  it('asks the units only for scores that are means over units', () => {
    expect(unitMeasure('FinalTest/v1/eval')).toEqual({ area: 'v1', column: 'correlation' })
    expect(unitMeasure('FinalTest/img_classification/eval')).toBeNull()
  })
})
