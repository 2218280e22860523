import type { Params, Result } from '../../../src-shared/contract/contract.ts'
import { scoreCautions, statusText } from '../../../src-shared/contract/run-end.ts'
import { metricInfo } from '../../../src-shared/contract/metrics.ts'
import type { TextTable } from '../../../src-shared/util/tables-as-text.ts'
import { asCsv, asHtml, asLatex, asMarkdown } from '../../../src-shared/util/tables-as-text.ts'
import { parquetFile } from '../read/export-run.ts'
import type { Comparison } from './compare-runs.ts'

type File = Result<'compare.export'>

/** The comparison as a file: one row per run, or per setting over its seeds, with differing options, scores and deltas. */
export async function exportComparison(
  compared: Comparison,
  format: Params<'compare.export'>['format'],
  overSeeds: boolean,
): Promise<File> {
  const name = 'cotrain-comparison'
  const table = overSeeds ? settingsTable(compared) : comparisonTable(compared)
  switch (format) {
    case 'csv':
      return { name: `${name}.csv`, mime: 'text/csv', text: asCsv(table) }
    case 'markdown':
      return { name: `${name}.md`, mime: 'text/markdown', text: asMarkdown(table) }
    case 'latex':
      return { name: `${name}.tex`, mime: 'application/x-tex', text: asLatex(table) }
    case 'html':
      return { name: `${name}.html`, mime: 'text/html', text: asHtml(table, 'CoTrain comparison') }
    case 'parquet':
      return parquetFile(name, table, ['run', 'runs', 'name', 'status', 'note'])
    case 'json':
      return {
        name: `${name}.json`,
        mime: 'application/json',
        text: `${JSON.stringify(compared, null, 2)}\n`,
      }
  }
}

/** One row per run. */
export function comparisonTable({ runs, differences, metrics, baseline }: Comparison): TextTable {
  const header = [
    'run',
    'name',
    'status',
    'note',
    ...differences.map(({ path }) => path),
    ...metrics.flatMap(({ key }) =>
      baseline === null ? [titleOf(key)] : [titleOf(key), `${titleOf(key)} delta`],
    ),
  ]
  const rows = runs.map((run, i) => [
    run.shortId,
    run.name,
    statusText(run),
    scoreCautions(run).join(' '),
    ...differences.map(({ values }) => optionText(values[i])),
    ...metrics.flatMap(({ values, deltas }) =>
      baseline === null ? [values[i] ?? null] : [values[i] ?? null, deltas[i] ?? null],
    ),
  ])
  return { header, rows }
}

/** One row per setting: mean, n and standard error over seeds, difference to the baseline with its 95 % interval. */
export function settingsTable({ runs, groups, differences, metrics, baseline }: Comparison): TextTable {
  const options = differences.filter(({ path }) => path !== 'seed')
  const extra = baseline === null ? [] : ['delta', 'delta low', 'delta high']
  const header = [
    'runs',
    'name',
    'note',
    ...options.map(({ path }) => path),
    ...metrics.flatMap(({ key }) =>
      ['mean', 'n', 'standard error', ...extra].map((what) => `${titleOf(key)} ${what}`),
    ),
  ]
  const rows = groups.map((group) => {
    const at = runs.findIndex((r) => r.id === group.ids[0])
    return [
      group.ids.map((id) => id.slice(0, 10)).join(' '),
      group.name,
      runs
        .filter((r) => group.ids.includes(r.id))
        .flatMap((r) => scoreCautions(r).map((text) => `${r.shortId}: ${text}`))
        .join(' '),
      ...options.map(({ values }) => optionText(values[at])),
      ...group.metrics.flatMap(({ mean, n, sem, delta }) => {
        const difference =
          baseline === null ? [] : [delta?.mean ?? null, delta?.low ?? null, delta?.high ?? null]
        return [mean, n, sem, ...difference]
      }),
    ]
  })
  return { header, rows }
}

function titleOf(key: string): string {
  const { label, unit } = metricInfo(key)
  return unit === '' ? label : `${label} [${unit}]`
}

function optionText(value: unknown): string | number | null {
  if (value === null || value === undefined) return null
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value)
}
