import type { Series } from './series.ts'

export interface ChartTable {
  readonly head: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/** Lines as one table in long form: series, x, y, and the values before smoothing where there are any. Works for lines of any lengths. */
export function lineTable(series: readonly Series[], xTitle: string, yTitle: string): ChartTable {
  const isSmoothed = series.some((s) => s.raw !== undefined)
  return {
    head: ['Series', xTitle, yTitle, ...(isSmoothed ? ['Before smoothing'] : [])],
    rows: series.flatMap((s) =>
      s.points.map((p, i) => [s.label, p.x, p.y, ...(isSmoothed ? [s.raw?.[i]?.y ?? null] : [])]),
    ),
  }
}

/** A spreadsheet must not read a name as a formula: such cells start with an apostrophe. */
const FORMULA = /^[=+\-@\t\r]/

const cellOf = (value: string | number | null): string => {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = FORMULA.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A table as CSV (RFC 4180), safe to open in a spreadsheet. */
export const csvOf = (table: ChartTable): string =>
  [table.head, ...table.rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')
