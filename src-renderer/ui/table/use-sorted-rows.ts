import type { SortingState } from '@tanstack/vue-table'
import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable } from '@tanstack/vue-table'
import type { Ref } from 'vue'
import { computed, ref } from 'vue'
import type { TableColumn } from './table-column.ts'
import { compareCells } from './table-column.ts'

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })

interface Direction {
  readonly desc: boolean
  /** Place among several sorted columns, from 1. */
  readonly place: number
}

/** Rows sorted by one or several columns; empty cells stay at the end either way. */
export function useSortedRows<R extends object>(
  rows: Ref<readonly R[]>,
  columns: Ref<readonly TableColumn<R>[]>,
  initial: SortingState,
) {
  const sorting = ref<SortingState>(initial)
  const table = useTable<typeof features, R>({
    features,
    data: rows,
    columns: computed(() =>
      columns.value.map((column) => ({
        id: column.id,
        accessorFn: (row: R) => column.value(row) ?? undefined,
        sortUndefined: 'last' as const,
        sortDescFirst: column.isNumber === true && column.goal !== 'min',
        sortFn: (a: { getValue(id: string): unknown }, b: { getValue(id: string): unknown }, id: string) =>
          compareCells(a.getValue(id) as number | string, b.getValue(id) as number | string),
      })),
    ),
    state: computed(() => ({ sorting: sorting.value })),
    onSortingChange: (next: SortingState | ((old: SortingState) => SortingState)) => {
      sorting.value = typeof next === 'function' ? next(sorting.value) : next
    },
  })
  const sorted = computed(() => table.getRowModel().rows.map((row) => row.original))
  const direction = (id: string): Direction | null => {
    const at = sorting.value.findIndex((s) => s.id === id)
    const found = sorting.value[at]
    return found === undefined ? null : { desc: found.desc, place: at + 1 }
  }
  const toggle = (id: string, several: boolean): void =>
    table.getColumn(id)?.toggleSorting(undefined, several)
  return { sorted, sorting, direction, toggle }
}
