import type { Result } from '../../../../src-shared/contract/contract.ts'
import type { IntervalKind } from '../../../ui/charts/statistics/interval-of.ts'
import { intervalOf } from '../../../ui/charts/statistics/interval-of.ts'
import type { Point, Series } from '../../../ui/charts/frame/series.ts'
import type { SeriesStyle } from '../../../format/series-style.ts'
import type { Comparison, Grouping } from '../base/comparison.ts'
import { meanBySeverity } from './mean-by-severity.ts'

export type RobustnessTable = Result<'runs.robustness'>
type Grid = (number | null)[][]

/** A run, or the runs of a setting, with what was measured under corruption. */
export interface RobustRow {
  /** The run, or the first of the setting. */
  readonly id: string
  readonly label: string
  readonly isBaseline: boolean
  readonly tables: readonly RobustnessTable[]
}

/** Rows in the order of the comparison; runs without corrupted images are absent. */
export function robustRows(
  c: Comparison,
  grouping: Grouping,
  tables: readonly RobustnessTable[],
): RobustRow[] {
  const measured = new Map(tables.filter((t) => t.corruptions.length > 0).map((t) => [t.id, t]))
  const members =
    grouping === 'runs'
      ? c.runs.map((r) => ({ ids: [r.id], label: () => `${r.name}, seed ${r.seed}` }))
      : c.groups.map((g) => ({
          ids: g.ids,
          label: (n: number) => `${g.name}, ${n === 1 ? '1 seed' : `${n} seeds`}`,
        }))
  return members.flatMap(({ ids, label }) => {
    const own = ids.flatMap((id) => measured.get(id) ?? [])
    const isBaseline = c.baseline !== null && ids.includes(c.baseline)
    return own.length === 0 ? [] : [{ id: ids[0] ?? '', label: label(own.length), isBaseline, tables: own }]
  })
}

/** Names of the corruptions and severities of all rows, in the order of the first row that has them. */
export const namesOf = (rows: readonly RobustRow[]): { corruptions: string[]; severities: number[] } => ({
  corruptions: [...new Set(rows.flatMap((r) => r.tables.flatMap((t) => t.corruptions)))],
  severities: [...new Set(rows.flatMap((r) => r.tables.flatMap((t) => t.severities)))].sort((a, b) => a - b),
})

const mean = (values: readonly (number | null)[]): number | null =>
  values.length === 0 || values.some((v) => v === null)
    ? null
    : values.reduce<number>((a, v) => a + (v ?? 0), 0) / values.length

/** Accuracy by corruption and severity, averaged over seeds; a cell that one of them lacks stays empty. */
export function gridOf(
  row: RobustRow,
  { corruptions, severities }: { corruptions: readonly string[]; severities: readonly number[] },
): Grid {
  return corruptions.map((name) =>
    severities.map((severity) => mean(row.tables.map((t) => accuracyAt(t, name, severity)))),
  )
}

/** Cells at which all runs of a row only guess. */
export const chanceOf = (
  row: RobustRow,
  { corruptions, severities }: { corruptions: readonly string[]; severities: readonly number[] },
): boolean[][] =>
  corruptions.map((name) =>
    severities.map((severity) =>
      row.tables.every(
        (t) => t.atChance[t.corruptions.indexOf(name)]?.[t.severities.indexOf(severity)] === true,
      ),
    ),
  )

function accuracyAt(t: RobustnessTable, corruption: string, severity: number): number | null {
  const row = t.accuracy[t.corruptions.indexOf(corruption)]
  return row?.[t.severities.indexOf(severity)] ?? null
}

/** Difference of two grids of the same names; null where either has nothing. */
export const differenceOf = (grid: Grid, base: Grid): Grid =>
  grid.map((row, i) =>
    row.map((v, j) => {
      const other = base[i]?.[j] ?? null
      return v === null || other === null ? null : v - other
    }),
  )

/** One line per row: clean accuracy, mean over all corruptions, then the mean over severities of each corruption. */
export function overviewOf(row: RobustRow, names: ReturnType<typeof namesOf>): (number | null)[] {
  const perCorruption = gridOf(row, names).map((cells) => mean(cells))
  const clean = mean(row.tables.map((t) => t.clean))
  return [clean, mean(perCorruption), ...perCorruption]
}

/** Lines of accuracy by severity; over seeds the mean with a band of the chosen kind, where at least two seeds were measured. */
export function severityLines(
  rows: readonly RobustRow[],
  kind: IntervalKind,
  style: (id: string) => SeriesStyle,
): Series[] {
  return rows.map((row) => {
    const lines = row.tables.map(meanBySeverity)
    const places = [...new Set(lines.flatMap((l) => l.map((p) => p.x)))].sort((a, b) => a - b)
    const means: Point[] = []
    const low: Point[] = []
    const high: Point[] = []
    for (const x of places) {
      const values = lines.flatMap((l) => l.find((p) => p.x === x)?.y ?? [])
      const interval = intervalOf(values, kind)
      means.push({ x, y: interval?.mean ?? null })
      low.push({ x, y: interval?.low ?? null })
      high.push({ x, y: interval?.high ?? null })
    }
    const { token, dash, marker } = style(row.id)
    const band = row.tables.length > 1 ? { band: { low, high } } : {}
    return { id: row.id, label: row.label, token, dash, marker, points: means, ...band }
  })
}
