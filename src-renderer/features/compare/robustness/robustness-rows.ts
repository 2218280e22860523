import type { Result } from '../../../../src-shared/contract/contract.ts'
import type { IntervalKind } from '../../../ui/charts/statistics/interval-of.ts'
import { intervalOf } from '../../../ui/charts/statistics/interval-of.ts'
import type { Point, Series } from '../../../ui/charts/frame/series.ts'
import type { SeriesStyle } from '../../../format/series-style.ts'
import type { ComparedRow } from '../base/compared-rows.ts'
import { comparedRows, perSeed, sampleOf } from '../base/compared-rows.ts'
import type { Comparison, Grouping } from '../base/comparison.ts'
import { meanBySeverity } from './mean-by-severity.ts'

export type RobustnessTable = Result<'runs.robustness'>
type Grid = (number | null)[][]

/** A row of the comparison with what was measured under corruption, by run. */
export interface RobustRow extends ComparedRow {
  readonly tables: ReadonlyMap<string, RobustnessTable>
}

const tablesOf = (row: RobustRow): RobustnessTable[] => [...row.tables.values()]

/** Rows in the order of the comparison; runs without corrupted images are absent. */
export function robustRows(
  c: Comparison,
  grouping: Grouping,
  tables: readonly RobustnessTable[],
): RobustRow[] {
  const measured = new Map(tables.filter((t) => t.corruptions.length > 0).map((t) => [t.id, t]))
  return comparedRows(c, grouping, (id) => measured.has(id)).map((row) => ({
    ...row,
    tables: new Map(row.ids.flatMap((id) => entryOf(measured, id))),
  }))
}

function entryOf<V>(map: ReadonlyMap<string, V>, id: string): [string, V][] {
  const value = map.get(id)
  return value === undefined ? [] : [[id, value]]
}

/** Names of the corruptions and severities of all rows, in the order of the first row that has them. */
export const namesOf = (rows: readonly RobustRow[]): { corruptions: string[]; severities: number[] } => ({
  corruptions: [...new Set(rows.flatMap((r) => tablesOf(r).flatMap((t) => t.corruptions)))],
  severities: [...new Set(rows.flatMap((r) => tablesOf(r).flatMap((t) => t.severities)))].sort(
    (a, b) => a - b,
  ),
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
    severities.map((severity) => mean(perSeed(row, (id) => accuracyAt(row.tables.get(id), name, severity)))),
  )
}

/** Cells at which all runs of a row only guess. */
export const chanceOf = (
  row: RobustRow,
  { corruptions, severities }: { corruptions: readonly string[]; severities: readonly number[] },
): boolean[][] =>
  corruptions.map((name) =>
    severities.map((severity) =>
      tablesOf(row).every(
        (t) => t.atChance[t.corruptions.indexOf(name)]?.[t.severities.indexOf(severity)] === true,
      ),
    ),
  )

function accuracyAt(t: RobustnessTable | undefined, corruption: string, severity: number): number | null {
  const row = t?.accuracy[t.corruptions.indexOf(corruption)]
  return row?.[t?.severities.indexOf(severity) ?? -1] ?? null
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
  const clean = mean(perSeed(row, (id) => row.tables.get(id)?.clean ?? null))
  return [clean, mean(perCorruption), ...perCorruption]
}

/** Lines of accuracy by severity; over seeds the mean with a band of the chosen kind, where at least two seeds were measured. */
export function severityLines(
  rows: readonly RobustRow[],
  kind: IntervalKind,
  style: (id: string) => SeriesStyle,
): Series[] {
  return rows.map((row) => {
    const lines = new Map([...row.tables].map(([id, table]) => [id, meanBySeverity(table)]))
    const places = [...new Set([...lines.values()].flatMap((l) => l.map((p) => p.x)))].sort((a, b) => a - b)
    const means: Point[] = []
    const low: Point[] = []
    const high: Point[] = []
    for (const x of places) {
      const values = sampleOf(row, (id) => lines.get(id)?.find((p) => p.x === x)?.y ?? null)
      const interval = intervalOf(values, kind)
      means.push({ x, y: interval?.mean ?? null })
      low.push({ x, y: interval?.low ?? null })
      high.push({ x, y: interval?.high ?? null })
    }
    const { token, dash, marker } = style(row.id)
    const band = row.seeds.length > 1 ? { band: { low, high } } : {}
    return { id: row.id, label: row.label, token, dash, marker, points: means, ...band }
  })
}
