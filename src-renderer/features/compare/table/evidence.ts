import type { Result } from '../../../../src-shared/contract/contract.ts'
import { metricParts } from '../../../../src-shared/contract/metric-keys.ts'
import { AREAS } from '../../../../src-shared/schema/names.ts'
import { leavesOutZero, signedText } from '../../../../src-shared/contract/answer.ts'
import { isAskedFor } from './compare-columns.ts'
import type { CompareRow } from './compare-rows.ts'
import { scoreOf } from './compare-rows.ts'
import type { Comparison } from '../base/comparison.ts'

type Units = NonNullable<Result<'compare.evidence'>>

/** The same question asked of seeds and units together; with one seed nothing is asked. */
export function unitsText({ mean, low, high, seeds, units }: Units): string {
  const says = leavesOutZero(low, high) ? 'leaves out' : 'includes'
  return `With units as a sample as well (${seeds} seeds, ${units} units, Student’s t): ${signedText(mean, '')}, 95 % interval ${signedText(low, '')} to ${signedText(high, '')} ${says} 0.`
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
        .map((row) => `${m.label}: ${scoreOf(row, m.key).answer}`),
    )
}
