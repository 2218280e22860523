import type { TableColumn } from '../../../ui/table/table-column.ts'
import { compareCells } from '../../../ui/table/table-column.ts'
import type { Sorting } from '../saved/saved-view.ts'

/** Rows in the order in which the table shows them: several columns, empty cells last either way. */
export function sortRows<R>(
  rows: readonly R[],
  columns: readonly TableColumn<R>[],
  sort: readonly Sorting[],
): readonly R[] {
  const used = sort.flatMap(({ id, desc }) => {
    const column = columns.find((c) => c.id === id)
    return column === undefined ? [] : [{ column, desc }]
  })
  return [...rows].sort((a, b) => {
    for (const { column, desc } of used) {
      const [x, y] = [column.value(a), column.value(b)]
      if (x === null || y === null) {
        if (x !== y) return x === null ? 1 : -1
        continue
      }
      const order = compareCells(x, y)
      if (order !== 0) return desc ? -order : order
    }
    return 0
  })
}
