import { describe, expect, it } from 'vitest'
import type { RobustnessTable } from '../../../../../../src-renderer/features/compare/robustness/robustness-rows.ts'
import {
  differenceOf,
  chanceOf,
  gridOf,
  namesOf,
  overviewOf,
  robustRows,
  severityLines,
} from '../../../../../../src-renderer/features/compare/robustness/robustness-rows.ts'
import { compareRuns } from '../../../../../support/fake-renderer/made-up-comparison.ts'
import { manyRuns } from '../../../../../support/fake-renderer/made-up-runs.ts'

const table = (id: string, accuracy: (number | null)[][], clean: number | null = 90): RobustnessTable => ({
  id,
  baseline: null,
  clean,
  corruptions: ['fog', 'snow'],
  severities: [1, 2],
  accuracy,
  baselineAccuracy: null,
  atChance: [],
  leftOut: 0,
  scores: {},
})
const plain = compareRuns(manyRuns(6), null)
const group = plain.groups.find((g) => g.ids.length > 1)
const [one = '', two = ''] = group?.ids ?? []
const tables = [
  table(one, [
    [80, 60],
    [70, 50],
  ]),
  table(
    two,
    [
      [84, 62],
      [72, null],
    ],
    94,
  ),
]
const style = () => ({ token: '--c0', dash: [], marker: 'circle' as const })

describe('rows of robustness', () => {
  const rows = robustRows({ ...plain, baseline: one }, 'seeds', tables)
  const names = namesOf(rows)

  it('are settings with the seeds that were measured', () => {
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ isBaseline: true, label: expect.stringContaining('2 seeds') as string })
    expect(robustRows(plain, 'runs', tables)).toHaveLength(2)
    expect(robustRows(plain, 'runs', [{ ...table(one, []), corruptions: [] }])).toEqual([])
  })

  it('average over seeds only where each was measured', () => {
    const [row] = rows
    expect(row && gridOf(row, names)).toEqual([
      [82, 61],
      [71, null],
    ])
    expect(row && overviewOf(row, names)).toEqual([92, null, 71.5, null])
  })

  it('differ from a baseline cell by cell', () => {
    expect(differenceOf([[5, null, 3]], [[2, 1, null]])).toEqual([[3, null, null]])
  })

  it('have a band over seeds, and a line where one seed is missing', () => {
    const [line] = severityLines(rows, 'range', style)
    expect(line?.points).toEqual([
      { x: 0, y: 92 },
      { x: 1, y: 76.5 },
      { x: 2, y: 55 },
    ])
    expect(line?.band?.low[1]).toEqual({ x: 1, y: 75 })
    expect(line?.band?.high[1]).toEqual({ x: 1, y: 78 })
    expect(line?.band?.low[2]?.y).toBeNull()
  })
})

it('a cell is at chance where all runs of a row guess', () => {
  const guess = (id: string, last: boolean): RobustnessTable => ({
    ...table(id, [
      [90, 10],
      [80, 10],
    ]),
    atChance: [
      [false, true],
      [false, last],
    ],
  })
  const rows = robustRows(plain, 'seeds', [guess(one, true), guess(two, false)])
  expect(rows.map((row) => chanceOf(row, namesOf(rows)))).toEqual([
    [
      [false, true],
      [false, false],
    ],
  ])
})
