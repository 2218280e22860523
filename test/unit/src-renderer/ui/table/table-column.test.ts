import { describe, expect, it } from 'vitest'
import type { TableColumn } from '../../../../../src-renderer/ui/table/table-column.ts'
import { bestOf, compareCells } from '../../../../../src-renderer/ui/table/table-column.ts'

describe('compareCells', () => {
  it('sorts numbers by size and names as people count', () => {
    expect([10, 9, 2].sort(compareCells)).toEqual([2, 9, 10])
    expect(['run 10', 'Run 2', 'run 1'].sort(compareCells)).toEqual(['run 1', 'Run 2', 'run 10'])
  })
})

describe('bestOf', () => {
  const column = (goal: 'max' | 'min' | 'none'): TableColumn<{ v: number | null }> => ({
    id: 'v',
    label: 'v',
    value: (r) => r.v,
    width: 1,
    goal,
  })
  const rows = [{ v: 3 }, { v: null }, { v: 7 }, { v: Number.NaN }]

  it('follows the direction of the metric', () => {
    expect(bestOf(column('max'), rows)).toBe(7)
    expect(bestOf(column('min'), rows)).toBe(3)
  })

  it('names no best without direction or without a choice', () => {
    expect(bestOf(column('none'), rows)).toBeNull()
    expect(bestOf(column('max'), rows.slice(0, 2))).toBeNull()
  })
})
