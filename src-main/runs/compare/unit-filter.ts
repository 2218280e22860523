import type { Params, Result } from '../../../src-shared/contract/contract.ts'
import type { NeuronTable } from '../../../src-shared/contract/run.ts'

export type UnitFilter = Params<'compare.distributions'>['filter']
export type LeftOut = Result<'compare.neurons'>['left']
type Rule = keyof LeftOut

export const noneLeftOut = (): LeftOut => ({ elsewhere: 0, ceiling: 0, fev: 0, undefined: 0 })

/** The column that says what a model can reach: known for simulated units, estimated by the oracle for recorded ones. */
export const ceilingColumn = (tables: readonly NeuronTable[]): 'ceiling' | 'oracle' | null =>
  (['ceiling', 'oracle'] as const).find((name) => tables.some((t) => name in t.columns)) ?? null

/** What a unit can reach; null where nothing is known. */
export const ceilingOf = (table: NeuronTable, i: number): number | null =>
  (table.columns['ceiling'] ?? table.columns['oracle'])?.[i] ?? null

/** The first rule that excludes a unit, or null when it counts. A limit above 0 excludes units without that number. */
export function excludedBy(table: NeuronTable, i: number, filter: UnitFilter): Rule | null {
  if (filter.area !== '' && table.area !== filter.area) return 'elsewhere'
  if (filter.session !== '' && table.session !== filter.session) return 'elsewhere'
  const isBelow = (value: number | null, least: number): boolean => least > 0 && (value ?? -Infinity) < least
  if (isBelow(ceilingOf(table, i), filter.leastCeiling)) return 'ceiling'
  if (isBelow(table.columns['fev']?.[i] ?? null, filter.leastFev)) return 'fev'
  return null
}
