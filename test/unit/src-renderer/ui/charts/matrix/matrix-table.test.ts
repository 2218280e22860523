import { expect, it } from 'vitest'
import { matrixTable } from '../../../../../../src-renderer/ui/charts/matrix/matrix-table.ts'

const titles = { rowTitle: 'True', columnTitle: 'Taken for', valueTitle: 'Images' }

it('keeps the shape of a matrix that can be read', () => {
  expect(matrixTable({ ...titles, rows: ['a', 'b'], columns: ['x', 'y'], values: [[1, null], [3]] })).toEqual(
    {
      head: ['True', 'Taken for x', 'Taken for y'],
      rows: [
        ['a', 1, null],
        ['b', 3],
      ],
    },
  )
})

it('lists the cells of a wide matrix from the greatest value down, measured ones only', () => {
  const columns = Array.from({ length: 50 }, (_, j) => `c${j}`)
  const table = matrixTable({
    ...titles,
    rows: ['a'],
    columns,
    values: [columns.map((_, j) => (j === 7 ? null : j % 10))],
  })
  expect(table.head).toEqual(['True', 'Taken for', 'Images'])
  expect(table.rows).toHaveLength(49)
  expect(table.rows[0]).toEqual(['a', 'c9', 9])
  expect(table.rows.some((r) => r[1] === 'c7')).toBe(false)
})
