/** One column of a table of things of type R. */
export interface TableColumn<R> {
  readonly id: string
  readonly label: string
  readonly unit?: string
  /** Longer explanation, shown on the heading. */
  readonly help?: string
  /** What is sorted and compared; null is shown as missing and always sorted last. */
  readonly value: (row: R) => number | string | null
  /** What is shown; the value itself where absent. */
  readonly text?: (row: R) => string
  /** Why a row has no value, for the cell that then shows a dash. */
  readonly why?: (row: R) => string
  /** In rem. */
  readonly width: number
  /** Stays in view while a wide table is scrolled: behind the first column, which always does, or at the right edge. */
  readonly pin?: 'start' | 'end'
  /** Numbers stand to the right. */
  readonly isNumber?: boolean
  readonly goal?: 'max' | 'min' | 'none'
}

/** Numbers by size, text in the order people count ("run 2" before "run 10"). */
export function compareCells(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), 'en', { numeric: true, sensitivity: 'base' })
}

/** The best value of a column, or null where there is no direction or nothing to choose between. */
export function bestOf<R>(column: TableColumn<R>, rows: readonly R[]): number | null {
  if (column.goal === undefined || column.goal === 'none') return null
  const values = rows
    .map(column.value)
    .filter((v): v is number => typeof v === 'number' && Number.isFinite(v))
  if (values.length < 2) return null
  return values.reduce((best, v) => (column.goal === 'max' ? Math.max(best, v) : Math.min(best, v)))
}

/** Widths in rem that show a heading of usual length, its unit and its arrow. */
export const columnWidth = (label: string): number => Math.max(7, Math.min(13, label.length * 0.52 + 3))
