import type { NeuronTable } from '../../../src-shared/contract/run.ts'
import type { RunStore } from '../../store/run-store.ts'
import { neuronTables } from '../read/run-arrays.ts'
import { meansBySeed } from './seed-difference.ts'

/** One measure of the units of one network; NaN where it is not defined. */
export type Units = ReadonlyMap<string, number>

export const unitKey = ({ area, session }: NeuronTable, unit: string): string => `${area}/${session}/${unit}`

/** A measure of all units of a setting by seed, repeats of a seed averaged; seeds without such units are absent. */
export function unitsBySeed(
  store: RunStore,
  ids: readonly string[],
  column: string,
): ReadonlyMap<number, Units> {
  const seeds = new Map<number, Units[]>()
  for (const id of ids) {
    const units = new Map(neuronTables(store, id).flatMap((table) => valuesOf(table, column)))
    const { seed } = store.summary(id)
    if (units.size > 0) seeds.set(seed, [...(seeds.get(seed) ?? []), units])
  }
  return new Map([...seeds].map(([seed, runs]) => [seed, averaged(runs)]))
}

const valuesOf = (table: NeuronTable, column: string): [string, number][] =>
  table.columns[column] === undefined
    ? []
    : table.units.map((unit, i) => [unitKey(table, unit), table.columns[column]?.[i] ?? NaN])

function averaged(runs: readonly Units[]): Units {
  const [first] = runs
  if (first === undefined || runs.length === 1) return first ?? new Map()
  return new Map(
    [...first.keys()].map((unit) => [
      unit,
      runs.reduce((sum, run) => sum + (run.get(unit) ?? NaN), 0) / runs.length,
    ]),
  )
}

/** Units that have the measure in every network. */
export function sharedUnits(networks: readonly Units[]): string[] {
  const isThere = (unit: string): boolean => networks.every((n) => !Number.isNaN(n.get(unit) ?? NaN))
  return [...(networks[0]?.keys() ?? [])].filter(isThere)
}

/** The mean over some units in each network. */
export const meanOverUnits = (
  seeds: ReadonlyMap<number, Units>,
  units: readonly string[],
): ReadonlyMap<number, number> =>
  meansBySeed(new Map([...seeds].map(([seed, own]) => [seed, units.map((unit) => own.get(unit) ?? NaN)])))
