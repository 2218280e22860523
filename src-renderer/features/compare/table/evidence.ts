import type { Result } from '../../../../src-shared/contract/contract.ts'
import { metricParts } from '../../../../src-shared/contract/metric-keys.ts'
import { AREAS } from '../../../../src-shared/schema/names.ts'
import { formatDelta } from '../../../format/number.ts'
import { isAskedFor } from './compare-columns.ts'
import type { CompareRow, Score } from './compare-rows.ts'
import { scoreOf, verdictOf } from './compare-rows.ts'
import type { Comparison } from '../base/comparison.ts'

type Goal = 'max' | 'min' | 'none'

const points = (value: number, unit: string): string =>
  `${formatDelta(value, unit)}${unit === '%' ? ' points' : unit.startsWith('%') ? ' points' : unit === '' ? '' : ` ${unit}`}`

const ends = ([low, high]: readonly [number, number], unit: string): string =>
  `${formatDelta(low, unit)} to ${formatDelta(high, unit)}`

const includesZero = ([low, high]: readonly [number, number]): boolean => low <= 0 && high >= 0

/** "+0.8 points, paired over 3 seeds, 95 % interval −0.4 to +2.0 includes 0: not told apart." */
export function evidenceText(score: Score, unit: string, goal: Goal): string {
  if (score.delta === null) return 'No value to compare.'
  const start = `${points(score.delta, unit)}, ${score.note}`
  if (score.interval === null) return `${start}, so nothing can be said.`
  const verdict = verdictOf(score, goal)
  const says = includesZero(score.interval) ? 'includes' : 'leaves out'
  const word = {
    better: ': better than the baseline',
    worse: ': worse than the baseline',
    open: includesZero(score.interval) ? ': not told apart from the baseline' : '',
  }[verdict]
  return `${start}, 95 % interval ${ends(score.interval, unit)} ${says} 0${word}.`
}

type Units = NonNullable<Result<'compare.evidence'>>

/** The same question asked of the units: bootstrap over seeds and units, or over units alone with one seed. */
export function unitsText(units: Units): string {
  const drawn =
    units.seeds > 1
      ? `over ${units.seeds} seeds and ${units.units} units`
      : `over ${units.units} units of one ${units.paired ? 'seed' : 'mean over seeds'}`
  const interval: [number, number] = [units.low, units.high]
  const says = includesZero(interval) ? 'includes' : 'leaves out'
  const limit = units.seeds > 1 ? '' : ' It says nothing about other seeds.'
  return `Unit by unit: ${formatDelta(units.mean, '')}, bootstrap ${drawn}, 95 % interval ${ends(interval, '')} ${says} 0.${limit}`
}

const COLUMNS: Readonly<Record<string, string>> = {
  eval: 'correlation',
  avg_correlation: 'avg_correlation',
  feve: 'feve',
}

/** The measure per unit behind a score of an area; null for other scores. */
export function unitMeasure(key: string): { readonly area: string; readonly column: string } | null {
  const parts = metricParts(key)
  const area = AREAS.find((known) => known === parts?.task)
  const column = parts?.mode === 'FinalTest' ? COLUMNS[parts.measure] : undefined
  return column === undefined || area === undefined ? null : { area, column }
}

/** The sentences for all scores that are asked for first, of settings over seeds; none without a baseline. */
export function evidenceLines(c: Comparison, rows: readonly CompareRow[]): string[] {
  const tops = rows.filter((r) => r.parent === null && !r.isBaseline)
  if (c.baseline === null || tops.every((r) => r.ids.length < 2)) return []
  return c.metrics
    .filter((m) => isAskedFor(m.key))
    .flatMap((m) =>
      tops
        .filter((row) => scoreOf(row, m.key).delta !== null)
        .map((row) => `${row.name}, ${m.label}: ${evidenceText(scoreOf(row, m.key), m.unit, m.goal)}`),
    )
}
