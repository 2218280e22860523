import type { Result } from '../../../src-shared/contract/contract.ts'
import type { NeuronTable } from '../../../src-shared/contract/run.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { pairedBootstrap } from '../../engine/eval/paired-statistics.ts'
import { neuronTables } from '../read/run-arrays.ts'
import type { RunStore } from '../../store/run-store.ts'

/** The interval must not change from one look to the next. */
const BOOTSTRAP_SEED = 1

export interface EvidenceWish {
  readonly ids: readonly string[]
  readonly baseline: readonly string[]
  readonly area: string
  readonly column: string
}

/**
 * Difference of one per-unit measure between two settings, with a bootstrap over seeds and units: rows are seeds that both
 * have, columns the units that all these runs have. Without a common seed each setting is averaged over its seeds and only
 * units are drawn. Null when no unit is in both.
 */
export function unitEvidence(store: RunStore, wish: EvidenceWish): Result<'compare.evidence'> {
  const own = bySeed(store, wish.ids, wish)
  const base = bySeed(store, wish.baseline, wish)
  const all = [...own.values(), ...base.values()]
  const units = [...(all[0]?.keys() ?? [])].filter((unit) => all.every((run) => run.has(unit)))
  const seeds = [...own.keys()].filter((seed) => base.has(seed))
  if (units.length === 0 || own.size === 0 || base.size === 0) return null
  const rows =
    seeds.length > 0
      ? seeds.map((seed) => differenceRow(own.get(seed), base.get(seed), units))
      : [differenceRow(averaged(own, units), averaged(base, units), units)]
  const known = units.filter((_, i) => rows.some((row) => !Number.isNaN(row[i])))
  if (known.length === 0) return null
  const { mean, low, high } = pairedBootstrap(rows, createRng(BOOTSTRAP_SEED))
  return { mean, low, high, seeds: Math.max(1, seeds.length), units: known.length, paired: seeds.length > 0 }
}

type Units = ReadonlyMap<string, number>

function bySeed(store: RunStore, ids: readonly string[], { area, column }: EvidenceWish): Map<number, Units> {
  const out = new Map<number, Units>()
  for (const id of ids) {
    const units = new Map(
      neuronTables(store, id)
        .filter((table) => table.area === area)
        .flatMap((table) => valuesOf(table, column)),
    )
    if (units.size > 0) out.set(store.summary(id).seed, units)
  }
  return out
}

const valuesOf = (table: NeuronTable, column: string): [string, number][] =>
  table.units.flatMap((unit, i): [string, number][] =>
    table.columns[column] === undefined
      ? []
      : [[`${table.session}/${unit}`, table.columns[column]?.[i] ?? NaN]],
  )

const differenceRow = (own: Units | undefined, base: Units | undefined, units: readonly string[]): number[] =>
  units.map((unit) => (own?.get(unit) ?? NaN) - (base?.get(unit) ?? NaN))

function averaged(runs: ReadonlyMap<number, Units>, units: readonly string[]): Units {
  return new Map(
    units.map((unit) => {
      const values = [...runs.values()].map((run) => run.get(unit) ?? NaN).filter((v) => !Number.isNaN(v))
      return [unit, values.reduce((a, b) => a + b, 0) / values.length]
    }),
  )
}
