import { asCsv } from '../../../../src-shared/util/tables-as-text.ts'
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

/** A table as CSV (RFC 4180), safe to open in a spreadsheet. */
export const csvOf = ({ head, rows }: ChartTable): string => asCsv({ header: head, rows })
