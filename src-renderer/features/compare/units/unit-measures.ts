import type { Params, Result } from '../../../../src-shared/contract/contract.ts'
import type { Group } from '../../../ui/charts/box/box-groups.ts'
import { comparedRows } from '../base/compared-rows.ts'
import type { Comparison, Grouping } from '../base/comparison.ts'

export type UnitFilter = Required<NonNullable<Params<'compare.distributions'>['filter']>>
export type Distributions = Result<'compare.distributions'>
type LeftOut = Result<'compare.neurons'>['left']

export const NO_FILTER: UnitFilter = { area: '', session: '', leastCeiling: 0, leastFev: 0 }

/** What is known about a unit rather than reached by a run. */
const NOT_SCORES: ReadonlySet<string> = new Set([
  'ceiling',
  'oracle',
  'oracle_conservative',
  'fev',
  'mu_x',
  'mu_y',
])
const FIRST = ['avg_correlation', 'correlation', 'feve']
/** Measures whose greatest possible value is the ceiling of the unit. */
const CORRELATIONS: ReadonlySet<string> = new Set(['avg_correlation', 'correlation'])

/** Scores among the columns, those asked for first at the front. */
export const scoreColumns = (columns: readonly string[]): string[] => [
  ...FIRST.filter((c) => columns.includes(c)),
  ...columns.filter((c) => !FIRST.includes(c) && !NOT_SCORES.has(c)),
]

export const isCorrelation = (column: string): boolean => CORRELATIONS.has(column)

/** "n = 50 of 60 units; left out: 8 with a ceiling below 0.5, 2 without a value". Always said, so that a mean is never read as one over all units. */
export function countText(n: number, left: LeftOut, filter: UnitFilter): string {
  const all = n + left.elsewhere + left.ceiling + left.fev + left.undefined
  const reasons = [
    [left.elsewhere, 'in other areas or sessions'],
    [left.ceiling, `with a ceiling below ${filter.leastCeiling}`],
    [left.fev, `with an explainable variance below ${filter.leastFev}`],
    [left.undefined, 'without a value'],
  ] as const
  const said = reasons.filter(([count]) => count > 0).map(([count, why]) => `${count} ${why}`)
  return said.length === 0
    ? `n = ${n} units, none left out`
    : `n = ${n} of ${all} units; left out: ${said.join(', ')}`
}

type TokenOf = (id: string) => string

/** One row per run, or per setting with each unit averaged over the seeds that have it. */
export function unitGroups(
  answer: Distributions,
  c: Comparison,
  grouping: Grouping,
  tokenOf: TokenOf,
): Group[] {
  const runs = new Map(answer.runs.map((r) => [r.id, r]))
  return comparedRows(c, grouping, (id) => runs.has(id)).map((row) => {
    const seeds = row.seeds.map(({ ids }) => meanPerUnit(ids.flatMap((id) => runs.get(id) ?? [])))
    const { values, units } = meanPerUnit(seeds)
    return { id: row.id, label: row.label, token: tokenOf(row.id), values, names: units }
  })
}

interface UnitValues {
  readonly units: readonly string[]
  readonly values: readonly number[]
}

/** Each unit averaged over those that have it. */
function meanPerUnit(runs: readonly UnitValues[]): { values: number[]; units: string[] } {
  const sums = new Map<string, { sum: number; n: number }>()
  for (const { units, values } of runs) {
    for (const [i, unit] of units.entries()) {
      const known = sums.get(unit) ?? { sum: 0, n: 0 }
      sums.set(unit, { sum: known.sum + (values[i] ?? 0), n: known.n + 1 })
    }
  }
  return { units: [...sums.keys()], values: [...sums.values()].map(({ sum, n }) => sum / n) }
}
