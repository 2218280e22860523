import type { Params, Result } from '../../../src-shared/contract/contract.ts'
import type { RunStore } from '../../store/run-store.ts'
import { neuronTables } from '../read/run-arrays.ts'
import { seedDifference } from './seed-difference.ts'
import { ceilingOf, excludedBy, noneLeftOut } from './unit-filter.ts'
import type { Units } from './units-by-seed.ts'
import { meanOverUnits, sharedUnits, unitKey, unitsBySeed } from './units-by-seed.ts'

/**
 * One measure of the same units in two settings, each unit averaged over seeds, and the difference of the mean over units between networks.
 * Reliability is that stored with the first run of `a`: all saw the same recordings.
 */
export function neuronPairs(
  store: RunStore,
  { a, b, column, filter }: Required<Params<'compare.neurons'>>,
): Result<'compare.neurons'> {
  const [own, other] = [unitsBySeed(store, a, column), unitsBySeed(store, b, column)]
  const [ownNetworks, otherNetworks] = [[...own.values()], [...other.values()]]
  const isWhole = own.size > 0 && other.size > 0
  const shared = new Set(isWhole ? sharedUnits([...ownNetworks, ...otherNetworks]) : [])
  const left = noneLeftOut()
  const kept: string[] = []
  const pairs: Result<'compare.neurons'>['pairs'] = []
  for (const table of neuronTables(store, a[0] ?? '')) {
    const { area, session } = table
    for (const [i, unit] of table.units.entries()) {
      const key = unitKey(table, unit)
      const rule = excludedBy(table, i, filter) ?? (shared.has(key) ? null : 'undefined')
      if (rule !== null) {
        left[rule]++
        continue
      }
      const fev = table.columns['fev']?.[i] ?? null
      const [x, y] = [overSeeds(ownNetworks, key), overSeeds(otherNetworks, key)]
      pairs.push({ session, area, unit, a: x, b: y, ceiling: ceilingOf(table, i), fev })
      kept.push(key)
    }
  }
  return {
    pairs,
    n: pairs.length,
    aHigher: pairs.filter((p) => (p.a ?? 0) > (p.b ?? 0)).length,
    bHigher: pairs.filter((p) => (p.b ?? 0) > (p.a ?? 0)).length,
    difference:
      kept.length === 0 ? null : seedDifference(meanOverUnits(other, kept), meanOverUnits(own, kept)),
    left,
  }
}

const overSeeds = (networks: readonly Units[], unit: string): number =>
  networks.reduce((sum, network) => sum + (network.get(unit) ?? NaN), 0) / networks.length
