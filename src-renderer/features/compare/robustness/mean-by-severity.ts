import type { Result } from '../../../../src-shared/contract/contract.ts'
import type { Point } from '../../../ui/charts/frame/series.ts'

/** Mean accuracy over corruptions at each severity, with the clean accuracy at 0. A severity counts only where every corruption was measured. */
export function meanBySeverity(table: Result<'runs.robustness'>): Point[] {
  const clean: Point[] = table.clean === null ? [] : [{ x: 0, y: table.clean }]
  const rest = table.severities.map((severity, j) => {
    const values = table.accuracy.map((row) => row[j] ?? null)
    const isWhole = values.length > 0 && values.every((v) => v !== null)
    return {
      x: severity,
      y: isWhole ? values.reduce<number>((a, v) => a + (v ?? 0), 0) / values.length : null,
    }
  })
  return [...clean, ...rest]
}
