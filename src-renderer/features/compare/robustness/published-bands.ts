import type { FamilySummary } from '../../../../src-shared/contract/calls/family.ts'
import { ROBUSTNESS } from '../../../../src-shared/contract/metric-keys.ts'
import type { Comparison } from '../base/comparison.ts'

/** A setting with the figure of the authors, and our own where there is one. */
export interface BandRow {
  readonly label: string
  readonly low: number
  readonly high: number
  readonly mean: number
  /** Mean over our seeds, and its 95 % interval where there are several. */
  readonly own: {
    readonly mean: number
    readonly interval: readonly [number, number] | null
    readonly n: number
  } | null
}

export interface Bands {
  readonly source: string
  readonly rows: readonly BandRow[]
  /** Ends of the axis, which hold every value. */
  readonly from: number
  readonly to: number
}

/**
 * The figures of the authors beside the compared runs: of the family to which the baseline of the comparison belongs as its baseline,
 * since scores relative to another one are others. Null where no such family has figures.
 */
export function bandsOf(c: Comparison, families: readonly FamilySummary[]): Bands | null {
  const family = families.find(
    ({ published, settings, baseline }) =>
      published !== null &&
      settings.some(({ label, runs }) => label === baseline && runs.some(({ id }) => id === c.baseline)),
  )
  if (family?.published == null) return null
  const rows = family.published.robustness.map(({ label, mean, spread }) => {
    const ids = family.settings.find((s) => s.label === label)?.runs.flatMap(({ id }) => id ?? []) ?? []
    const group = c.groups.find((g) => g.ids.some((id) => ids.includes(id)))
    const own = group?.metrics.find(({ key }) => key === ROBUSTNESS)
    const scored = own?.mean == null ? null : { mean: own.mean, interval: own.interval ?? null, n: own.n }
    return { label, mean, low: mean - spread, high: mean + spread, own: scored }
  })
  const values = rows.flatMap(({ low, high, own }) => [
    low,
    high,
    ...(own?.interval ?? []),
    ...(own === null ? [] : [own.mean]),
  ])
  const round = (value: number, up: boolean): number =>
    10 * (up ? Math.ceil(value / 10) : Math.floor(value / 10))
  return {
    source: family.published.source,
    rows,
    from: round(Math.min(...values), false),
    to: round(Math.max(...values), true),
  }
}
