import type { Result } from '../../../src-shared/contract/contract.ts'
import { signTest } from '../../engine/eval/paired-statistics.ts'
import type { RunStore } from '../../store/run-store.ts'
import { neuronTables } from '../read/run-arrays.ts'
import type { UnitFilter } from './unit-filter.ts'
import { ceilingOf, excludedBy, noneLeftOut } from './unit-filter.ts'

/**
 * One measure of the same units in two runs, and whether one run wins more often than a fair coin (exact sign test). Reliability is
 * that stored with run `a`: both runs saw the same recordings.
 */
export function neuronPairs(
  store: RunStore,
  a: string,
  b: string,
  column: string,
  filter: UnitFilter,
): Result<'compare.neurons'> {
  const others = new Map(neuronTables(store, b).map((table) => [`${table.area}/${table.session}`, table]))
  const left = noneLeftOut()
  const pairs: Result<'compare.neurons'>['pairs'] = []
  for (const table of neuronTables(store, a)) {
    const { area, session } = table
    const other = others.get(`${area}/${session}`)
    const place = new Map(other?.units.map((unit, i) => [unit, i]))
    for (const [i, unit] of table.units.entries()) {
      const j = place.get(unit)
      const own = table.columns[column]?.[i] ?? null
      const its = j === undefined ? null : (other?.columns[column]?.[j] ?? null)
      const rule = excludedBy(table, i, filter) ?? (own === null || its === null ? 'undefined' : null)
      if (rule !== null) left[rule]++
      else {
        const fev = table.columns['fev']?.[i] ?? null
        pairs.push({ session, area, unit, a: own, b: its, ceiling: ceilingOf(table, i), fev })
      }
    }
  }
  const { positive, negative, p } = signTest(
    pairs.map((pair) => pair.a!),
    pairs.map((pair) => pair.b!),
  )
  const pValue = pairs.length === 0 ? null : p
  return { pairs, n: pairs.length, aHigher: positive, bHigher: negative, pValue, left }
}
