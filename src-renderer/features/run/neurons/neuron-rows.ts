import { metricKey } from '../../../../src-shared/contract/metric-keys.ts'
import { metricInfo } from '../../../../src-shared/contract/metrics.ts'
import type { NeuronTable } from '../../../../src-shared/contract/run.ts'
import { formatMetric } from '../../../format/number.ts'
import type { TableColumn } from '../../../ui/table/table-column.ts'
import { columnWidth } from '../../../ui/table/table-column.ts'
import { KNOWN_COLUMNS, columnHelp, columnName } from '../../../../src-shared/contract/neuron-columns.ts'

export { columnName } from '../../../../src-shared/contract/neuron-columns.ts'

export interface NeuronRow {
  readonly key: string
  readonly unit: string
  readonly session: string
  readonly area: string
  readonly values: Readonly<Record<string, number | null>>
}

/** Which columns a set of tables has, scores first. */
export function neuronColumnNames(tables: readonly NeuronTable[]): string[] {
  const present = new Set(tables.flatMap((t) => Object.keys(t.columns)))
  return [
    ...KNOWN_COLUMNS.filter((c) => present.has(c)),
    ...[...present].filter((c) => !KNOWN_COLUMNS.includes(c)),
  ]
}

/** One row per unit over all sessions. */
export function neuronRows(tables: readonly NeuronTable[]): NeuronRow[] {
  return tables.flatMap((table) => {
    const columns = Object.entries(table.columns)
    return table.units.map((unit, i) => ({
      key: `${table.session} ${unit}`,
      unit,
      session: table.session,
      area: table.area,
      values: Object.fromEntries(columns.map(([name, values]) => [name, values[i] ?? null])),
    }))
  })
}

/** In rem: a correlation needs little room, and no unit stands beside its heading. */
const MIN_WIDTH = 5.5
const AIR = 1

export function neuronColumns(names: readonly string[]): TableColumn<NeuronRow>[] {
  return [
    { id: 'unit', label: 'Unit', value: (r) => r.unit, width: 8 },
    { id: 'session', label: 'Session', value: (r) => r.session, width: 8 },
    { id: 'area', label: 'Area', value: (r) => r.area.toUpperCase(), width: 4 },
    ...names.map((name) => ({
      id: name,
      label: columnName(name),
      help: columnHelp(name) || columnName(name),
      value: (r: NeuronRow) => r.values[name] ?? null,
      text: (r: NeuronRow) => formatMetric(r.values[name], ''),
      width: Math.max(MIN_WIDTH, columnWidth(columnName(name)) - AIR),
      isNumber: true,
    })),
  ]
}

/** Losses; columns of the validation set are measured like those of the test set. */
const isLessBetter = (column: string): boolean =>
  metricInfo(metricKey('FinalTest', 'v1', column.replace(/^validation_/, ''))).goal === 'min'

/** Where a unit stands among all: 1 for the best. Null where it has no value. */
export function rankOf(rows: readonly NeuronRow[], row: NeuronRow, column: string): number | null {
  const own = row.values[column] ?? null
  if (own === null) return null
  const sign = isLessBetter(column) ? -1 : 1
  const values = rows.map((r) => r.values[column] ?? null).filter((v) => v !== null)
  return 1 + values.filter((v) => sign * v > sign * own).length
}
