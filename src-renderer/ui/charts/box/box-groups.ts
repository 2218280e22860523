import { formatNumber } from '../../../format/number.ts'
import type { ChartTable } from '../frame/chart-table.ts'
import { boxStats } from '../statistics/box-stats.ts'

/** The numbers of one row of a box plot. */
export interface Group {
  readonly id: string
  readonly label: string
  readonly token: string
  readonly values: readonly number[]
  /** Name of each value: a unit, a run. */
  readonly names: readonly string[]
  /** Id of each value, where a value can be opened. */
  readonly ids?: readonly string[]
}

/** Every value with its group, in long form. */
export const groupTable = (groups: readonly Group[], valueTitle: string): ChartTable => ({
  head: ['Group', 'Name', valueTitle],
  rows: groups.flatMap((g) => g.values.map((v, i) => [g.label, g.names[i] ?? '', v])),
})

/** "n = 60, median 0.41, middle half 0.35 to 0.48, mean 0.42". */
export function groupText(group: Group): string {
  const stats = boxStats(group.values)
  if (stats === null) return 'no values'
  const [median, q1, q3, mean] = [stats.median, stats.q1, stats.q3, stats.mean].map((v) => formatNumber(v, 3))
  return `n = ${stats.n}, median ${median}, middle half ${q1} to ${q3}, mean ${mean}`
}

/** Limits of all values with a little air. */
export function valueRange(groups: readonly Group[]): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (const { values } of groups) {
    for (const v of values) {
      low = Math.min(low, v)
      high = Math.max(high, v)
    }
  }
  if (low > high) return [0, 1]
  const air = high > low ? 0.04 * (high - low) : 0.5
  return [low - air, high + air]
}
