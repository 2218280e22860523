import type { Series } from '../frame/series.ts'
import { valueAt } from '../frame/series.ts'

export interface LineValue {
  readonly series: Series
  readonly value: number
  readonly raw: number | null
}

/** What the lines are at a place, greatest first. */
export function valuesAt(series: readonly Series[], x: number): LineValue[] {
  const values: LineValue[] = []
  for (const s of series) {
    const value = valueAt(s.points, x)
    if (value !== null) values.push({ series: s, value, raw: s.raw === undefined ? null : valueAt(s.raw, x) })
  }
  return values.sort((a, b) => b.value - a.value)
}

/** The line nearest to a height, within a reach. */
export function nearestLine(values: readonly LineValue[], y: number, reach: number): string | null {
  let nearest: string | null = null
  let least = reach
  for (const { series, value } of values) {
    const distance = Math.abs(value - y)
    if (distance >= least) continue
    least = distance
    nearest = series.id
  }
  return nearest
}
