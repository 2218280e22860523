import type { Result } from '../../src-shared/contract/contract.ts'
import { signTest } from '../engine/eval/paired-statistics.ts'
import type { RunStore } from '../store/run-store.ts'
import { neuronTables } from './run-arrays.ts'

/** One measure of the same neurons in two runs, and whether one run wins more often than a fair coin (exact sign test). */
export function neuronPairs(
  store: RunStore,
  a: string,
  b: string,
  column: string,
): Result<'compare.neurons'> {
  const others = new Map(neuronTables(store, b).map((table) => [`${table.area}/${table.session}`, table]))
  const pairs = neuronTables(store, a).flatMap((table) => {
    const other = others.get(`${table.area}/${table.session}`)
    const place = new Map(other?.units.map((unit, i) => [unit, i]))
    return table.units.flatMap((unit, i) => {
      const j = place.get(unit)
      if (other === undefined || j === undefined) return []
      const value = (columns: Record<string, (number | null)[]>, at: number) => columns[column]?.[at] ?? null
      const ceiling = table.columns['ceiling']?.[i] ?? null
      return [
        { session: table.session, unit, a: value(table.columns, i), b: value(other.columns, j), ceiling },
      ]
    })
  })
  const known = pairs.filter((pair) => pair.a !== null && pair.b !== null)
  const { positive, negative, p } = signTest(
    known.map((pair) => pair.a as number),
    known.map((pair) => pair.b as number),
  )
  return { pairs, n: known.length, better: positive, worse: negative, pValue: known.length === 0 ? null : p }
}
