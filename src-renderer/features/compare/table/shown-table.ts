import type { NamedSource, ScoreSource } from '../../../../src-shared/contract/compare-views.ts'
import { epochOfSource, isEpochSource } from '../../../../src-shared/contract/compare-views.ts'
import type { TextTable } from '../../../../src-shared/util/tables-as-text.ts'
import { formatDelta, formatMetric } from '../../../format/number.ts'
import type { TableColumn } from '../../../ui/table/table-column.ts'
import { scoreOf } from './compare-rows.ts'
import type { CompareRow } from './compare-rows.ts'
import { intervalName } from '../../../ui/charts/statistics/interval-of.ts'
import { spreadText } from './compare-spread.ts'
import type { IntervalKind } from '../../../ui/charts/statistics/interval-of.ts'
import type { Comparison, Grouping } from '../base/comparison.ts'

/** What the table shows at the moment. */
export interface Shown {
  readonly comparison: Comparison
  readonly grouping: Grouping
  readonly spread: IntervalKind
  /** In the order on the screen. */
  readonly rows: readonly CompareRow[]
  readonly columns: readonly TableColumn<CompareRow>[]
}

type Metric = Comparison['metrics'][number]
type Cell = string | number | null

const SOURCES: Readonly<Record<NamedSource, string>> = {
  final: 'final evaluation',
  last: 'last value of the curve',
  best: 'best value of the curve',
  'at-best': 'curve at the best validation score',
}
const wordsOf = (source: ScoreSource = 'final'): string =>
  isEpochSource(source) ? `curve at epoch ${epochOfSource(source)}` : SOURCES[source]

const hashesOf = (row: CompareRow, c: Comparison): string =>
  row.ids.map((id) => c.runs.find((r) => r.id === id)?.shortId ?? id).join(' ')

const titleOf = (m: Metric, c: Comparison): string =>
  `${m.label}${m.unit === '' ? '' : ` [${m.unit}]`}${c.source === undefined || c.source === 'final' ? '' : `, ${wordsOf(c.source)}`}`

/** Exactly the rows and columns on the screen, numbers in full and in columns of their own, with the hashes of the runs. */
export function numbersTable(shown: Shown): TextTable {
  const { comparison: c, rows, columns } = shown
  const parts = columns.map((column) => {
    const metric = c.metrics.find((m) => m.key === column.id)
    return metric === undefined ? optionPart(column) : scorePart(metric, shown)
  })
  return {
    header: ['runs', ...parts.flatMap((p) => p.header)],
    rows: rows.map((row) => [hashesOf(row, c), ...parts.flatMap((p) => p.cells(row))]),
  }
}

interface Part {
  readonly header: readonly string[]
  readonly cells: (row: CompareRow) => readonly Cell[]
}

function optionPart(column: TableColumn<CompareRow>): Part {
  const isPath = /^(dataset|model|trainer)\./.test(column.id)
  return {
    header: [isPath ? column.id : column.id === 'n' ? 'seeds' : column.label.toLowerCase()],
    cells: (row) => {
      if (column.id === 'n') return [row.seeds.join(' ')]
      if (column.id === 'name') return [row.name]
      const value = column.value(row)
      return [typeof value === 'number' ? value : (column.text?.(row) ?? value)]
    },
  }
}

function scorePart(m: Metric, { comparison: c, grouping, spread }: Shown): Part {
  const title = titleOf(m, c)
  const over = grouping === 'seeds' ? spreadHeads(spread) : []
  const delta =
    c.baseline === null ? [] : ['delta', ...(grouping === 'seeds' ? ['delta low', 'delta high'] : [])]
  return {
    header: [title, ...[...over, ...delta].map((h) => `${title} ${h}`)],
    cells: (row) => {
      const s = scoreOf(row, m.key)
      const spreads =
        s.spread === null
          ? over.slice(1).map(() => null)
          : 'half' in s.spread
            ? [s.spread.half]
            : [s.spread.low, s.spread.high]
      const ends = s.bootstrap ?? s.interval
      return [
        s.value,
        ...(grouping === 'seeds' ? [s.n, ...spreads] : []),
        ...(c.baseline === null
          ? []
          : [s.delta, ...(grouping === 'seeds' ? [ends?.[0] ?? null, ends?.[1] ?? null] : [])]),
      ]
    },
  }
}

const spreadHeads = (kind: IntervalKind): string[] =>
  kind === 'sem' || kind === 'sd'
    ? ['n', intervalName(kind)]
    : [
        'n',
        `${kind === 'range' ? 'least' : `${kind} low`}`,
        `${kind === 'range' ? 'greatest' : `${kind} high`}`,
      ]

/** The same for papers: "94.3 ± 0.1 (+0.8 [−0.4, 2.0])" in one cell. */
export function wordsTable({ comparison: c, rows, columns }: Shown): TextTable {
  const metricOf = (id: string): Metric | undefined => c.metrics.find((m) => m.key === id)
  return {
    header: [
      ...columns.map((column) => {
        const m = metricOf(column.id)
        return m === undefined ? column.label : titleOf(m, c)
      }),
      'Runs',
    ],
    rows: rows.map((row) => [
      ...columns.map((column) => {
        const m = metricOf(column.id)
        return m === undefined ? (column.text?.(row) ?? column.value(row)) : scoreText(row, m)
      }),
      hashesOf(row, c),
    ]),
  }
}

/** A score with spread, difference and interval in one line. */
function scoreText(row: CompareRow, { key, unit }: Metric): string {
  const s = scoreOf(row, key)
  const ends = s.bootstrap ?? s.interval
  const interval = ends === null ? '' : ` [${formatDelta(ends[0], unit)}, ${formatDelta(ends[1], unit)}]`
  const few = row.parent === null && s.n > 0 && s.n < row.ids.length ? `, n = ${s.n}` : ''
  const delta = row.isBaseline
    ? ' (baseline)'
    : s.delta === null
      ? ''
      : ` (${formatDelta(s.delta, unit, s.value)}${interval})`
  return `${formatMetric(s.value, unit)}${spreadText(s.spread, unit)}${few}${delta}`
}

/** What the table cannot say in its cells, as one line for a caption. */
export function captionOf({ comparison: c, grouping, spread }: Shown, now: string): string {
  const base = c.runs.find((r) => r.id === c.baseline)
  const over =
    grouping === 'seeds' ? `mean and ${intervalName(spread)} over seeds` : 'single runs, no intervals'
  const against =
    base === undefined
      ? ''
      : `; differences to ${base.name}${grouping === 'seeds' ? ', with 95 % intervals' : `, seed ${base.seed}`}`
  return `Scores: ${wordsOf(c.source)}; ${over}${against}. CoTrain, ${now}.`
}
