import { describe, expect, it } from 'vitest'
import { bestOf } from '../../../../../src-renderer/components/base/table-column.ts'
import {
  compareColumns,
  optionLabel,
} from '../../../../../src-renderer/components/compare/compare-columns.ts'
import {
  compareRows,
  scoreOf,
  trustNote,
  verdictOf,
} from '../../../../../src-renderer/components/compare/compare-rows.ts'
import { compareRuns } from '../../../../support/fake-renderer/made-up-comparison.ts'
import { manyRuns } from '../../../../support/fake-renderer/made-up-runs.ts'

const ACCURACY = 'FinalTest/img_classification/eval'
const fakes = manyRuns(15)
const comparison = compareRuns(fakes, fakes[0]!.summary.id)
const score = (low: number, high: number) => ({
  value: 1,
  sem: 0.1,
  n: 3,
  delta: (low + high) / 2,
  interval: [low, high] as const,
  note: '',
})

describe('verdictOf', () => {
  it('calls a difference real only when its interval leaves 0 out', () => {
    expect(verdictOf(score(0.1, 0.5), 'max')).toBe('better')
    expect(verdictOf(score(0.1, 0.5), 'min')).toBe('worse')
    expect(verdictOf(score(-0.5, -0.1), 'min')).toBe('better')
    expect(verdictOf(score(-0.1, 0.5), 'max')).toBe('open')
    expect(verdictOf(score(0.1, 0.5), 'none')).toBe('open')
  })

  it('never decides on one seed', () => {
    const rows = compareRows(comparison, 'runs')
    expect(rows.every((r) => verdictOf(scoreOf(r, ACCURACY), 'max') === 'open')).toBe(true)
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

  it('states what may be concluded', () => {
    expect(trustNote(compareRows(comparison, 'runs'), 'runs', true)).toContain('no interval')
    expect(trustNote(compareRows(comparison, 'seeds'), 'seeds', true)).toContain('leaves 0 out')
    expect(trustNote([], 'seeds', false)).toContain('Pin a baseline')
  })
})

describe('compareColumns', () => {
  it('shows differing options only; seeds are no option once they are grouped', () => {
    const ids = (grouping: 'runs' | 'seeds') =>
      compareColumns(comparison, grouping, () => true).map((c) => c.id)
    expect(ids('runs')).toContain('seed')
    expect(ids('seeds')).not.toContain('seed')
    expect(ids('runs')).toContain('dataset.fn')
    expect(ids('runs')).not.toContain('model.config.width')
  })

  it('crowns no best value among single runs', () => {
    const best = (grouping: 'runs' | 'seeds') =>
      bestOf(
        compareColumns(comparison, grouping, () => true).find((c) => c.id === ACCURACY)!,
        compareRows(comparison, grouping),
      )
    expect(best('runs')).toBeNull()
    expect(best('seeds')).not.toBeNull()
  })

  it('hides what a person hid', () => {
    expect(compareColumns(comparison, 'runs', (id) => id !== ACCURACY).some((c) => c.id === ACCURACY)).toBe(
      false,
    )
  })

  it('labels an option in as few words as keep it clear', () => {
    expect(optionLabel('trainer.config.patience', [])).toBe('patience')
    expect(optionLabel('trainer.config.optimizer_options.lr', [])).toBe('optimizer_options.lr')
    expect(optionLabel('dataset.fn', [])).toBe('dataset')
    expect(optionLabel('model.config.width', ['a.config.width'])).toBe('model.width')
  })
})
