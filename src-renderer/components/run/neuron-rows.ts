import type { NeuronTable } from '../../../src-shared/contract/run.ts'
import { formatMetric } from '../../format/number.ts'
import type { TableColumn } from '../base/table-column.ts'

export interface NeuronRow {
  readonly key: string
  readonly unit: string
  readonly session: string
  readonly area: string
  readonly values: Readonly<Record<string, number | null>>
}

const NAMES: Readonly<Record<string, string>> = {
  test_correlation: 'Test corr.',
  correlation: 'Test corr.',
  avg_correlation: 'Corr. to average',
  feve: 'FEVe',
  fev: 'Explainable var.',
  oracle: 'Oracle',
  ceiling: 'Ceiling',
  ceiling_fraction: 'Of ceiling',
  mu_x: 'Position x',
  mu_y: 'Position y',
}

/** A column's name for people. */
export const columnName = (column: string): string => NAMES[column] ?? column.replaceAll('_', ' ')

/** Which columns a set of tables has, scores first. */
export function neuronColumnNames(tables: readonly NeuronTable[]): string[] {
  const present = new Set(tables.flatMap((t) => Object.keys(t.columns)))
  return [
    ...Object.keys(NAMES).filter((c) => present.has(c)),
    ...[...present].filter((c) => NAMES[c] === undefined),
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

export function neuronColumns(names: readonly string[]): TableColumn<NeuronRow>[] {
  return [
    { id: 'unit', label: 'Unit', value: (r) => r.unit, width: 11 },
    { id: 'session', label: 'Session', value: (r) => r.session, width: 8 },
    { id: 'area', label: 'Area', value: (r) => r.area, width: 4 },
    ...names.map((name) => ({
      id: name,
      label: columnName(name),
      value: (r: NeuronRow) => r.values[name] ?? null,
      text: (r: NeuronRow) => formatMetric(r.values[name], ''),
      width: 7.5,
      isNumber: true,
    })),
  ]
}
