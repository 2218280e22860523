import type { Result } from '../../../src-shared/contract/contract.ts'
import type { NeuronTable } from '../../../src-shared/contract/run.ts'
import type { RunStore } from '../../store/run-store.ts'
import { neuronTables } from '../read/run-arrays.ts'
import type { UnitFilter } from './unit-filter.ts'
import { ceilingColumn, excludedBy, noneLeftOut } from './unit-filter.ts'

type Answer = Result<'compare.distributions'>

/** One measure of all units of several runs; runs that were not tested on responses are absent. */
export function unitValues(
  store: RunStore,
  ids: readonly string[],
  column: string,
  filter: UnitFilter,
): Answer {
  const found = ids.map((id) => ({ id, tables: neuronTables(store, id) })).filter((r) => r.tables.length > 0)
  const tables = found.flatMap((r) => r.tables)
  const columns = unique(tables.flatMap((t) => Object.keys(t.columns)))
  return {
    columns,
    areas: unique(tables.map((t) => t.area)),
    sessions: unique(tables.map((t) => t.session)),
    ceiling: ceilingColumn(tables),
    hasFev: columns.includes('fev'),
    runs: found.map((r) => ({ id: r.id, ...valuesOf(r.tables, column, filter) })),
  }
}

function valuesOf(
  tables: readonly NeuronTable[],
  column: string,
  filter: UnitFilter,
): Omit<Answer['runs'][number], 'id'> {
  const units: string[] = []
  const values: number[] = []
  const left = noneLeftOut()
  for (const table of tables) {
    for (const [i, unit] of table.units.entries()) {
      const value = table.columns[column]?.[i] ?? null
      const rule = excludedBy(table, i, filter) ?? (value === null ? 'undefined' : null)
      if (rule !== null) left[rule]++
      else {
        units.push(`${table.session} ${unit}`)
        values.push(value!)
      }
    }
  }
  return { units, values, left }
}

const unique = (values: readonly string[]): string[] => [...new Set(values)]
