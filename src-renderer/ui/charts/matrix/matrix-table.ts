import type { ChartTable } from '../frame/chart-table.ts'

interface Matrix {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** [row][column] */
  readonly values: readonly (readonly (number | null)[])[]
  readonly rowTitle: string
  readonly columnTitle: string
  readonly valueTitle: string
}

/** Wider tables cannot be read. */
const MOST_COLUMNS = 40

/** A matrix as a table of its own shape; a wide one in long form, the greatest values first, every measured cell a row. */
export function matrixTable(m: Matrix): ChartTable {
  if (m.columns.length <= MOST_COLUMNS)
    return {
      head: [m.rowTitle, ...m.columns.map((c) => `${m.columnTitle} ${c}`)],
      rows: m.rows.map((r, i) => [r, ...(m.values[i] ?? [])]),
    }
  const cells = m.rows.flatMap((row, i) =>
    m.columns.flatMap((column, j) => {
      const value = m.values[i]?.[j] ?? null
      return value === null ? [] : [[row, column, value] as const]
    }),
  )
  return {
    head: [m.rowTitle, m.columnTitle, m.valueTitle],
    rows: cells.sort((a, b) => b[2] - a[2]),
  }
}
