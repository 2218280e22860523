import { describe, expect, it } from 'vitest'
import { compareColumns } from '../../../../../../src-renderer/features/compare/table/compare-columns.ts'
import { compareRows } from '../../../../../../src-renderer/features/compare/table/compare-rows.ts'
import type { Shown } from '../../../../../../src-renderer/features/compare/table/shown-table.ts'
import {
  captionOf,
  numbersTable,
  wordsTable,
} from '../../../../../../src-renderer/features/compare/table/shown-table.ts'
import { asCsv } from '../../../../../../src-shared/util/tables-as-text.ts'
import { compareRuns } from '../../../../../support/fake-renderer/made-up-comparison.ts'
import { manyRuns } from '../../../../../support/fake-renderer/made-up-runs.ts'

const ACCURACY = 'FinalTest/img_classification/eval'
const fakes = manyRuns(15)
const comparison = compareRuns(fakes, fakes[0]!.summary.id)
const isShown = (id: string): boolean => ['name', 'n', ACCURACY].includes(id)

function shownAs(grouping: 'runs' | 'seeds', c = comparison): Shown {
  return {
    comparison: c,
    grouping,
    spread: 'sem',
    rows: compareRows(c, grouping),
    columns: compareColumns(c, grouping, { isShown }),
  }
}

describe('the exported table', () => {
  it('has the rows and columns on the screen, numbers in full, and the hashes of the runs', () => {
    const { header, rows } = numbersTable(shownAs('seeds'))
    const title = 'Classification accuracy (test) [%]'
    expect(header).toEqual([
      'runs',
      'setting',
      'seeds',
      ...['', ' n', ' standard error', ' delta', ' delta low', ' delta high'].map((t) => title + t),
    ])
    expect(rows).toHaveLength(3)
    const group = comparison.groups[1]!.metrics.find((m) => m.key === ACCURACY)!
    expect(rows[1]?.slice(3)).toEqual([
      group.mean,
      5,
      group.sem,
      group.delta!.mean,
      group.delta!.low,
      group.delta!.high,
    ])
    expect(String(rows[1]?.[0]).split(' ')).toEqual(
      comparison.groups[1]!.ids.map((id) => comparison.runs.find((r) => r.id === id)!.shortId),
    )
  })

  it('has no empty promises for single runs: no n, no interval', () => {
    const { header, rows } = numbersTable(shownAs('runs'))
    expect(header.filter((h) => h.includes('accuracy'))).toHaveLength(2)
    expect(rows).toHaveLength(15)
    expect(rows.every((r) => r.length === header.length)).toBe(true)
  })

  it('cannot run as a formula', () => {
    const [first, ...rest] = comparison.runs
    const evil = { ...comparison, runs: [{ ...first!, name: '=1+1' }, ...rest] }
    expect(asCsv(numbersTable(shownAs('runs', evil)))).toContain("'=1+1")
  })

  it('says in words what a cell of a paper needs, and in the caption where the scores come from', () => {
    const shown = shownAs('seeds')
    const cells = wordsTable(shown).rows.map((r) => String(r[2]))
    expect(cells[0]).toMatch(/^\d+\.\d ± .* \(baseline\)$/)
    expect(cells[1]).toMatch(/^\d+\.\d ± \S+ \([+\u2212]\d.* \[.*, .*\]\)$/)
    expect(captionOf(shown, 'today')).toContain(
      'final evaluation; mean and standard error over seeds; differences to',
    )
    expect(captionOf({ ...shown, comparison: { ...comparison, source: 'best' } }, 'today')).toContain(
      'best value of the curve',
    )
  })
})
