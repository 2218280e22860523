import { stringify } from 'yaml'
import type { Params, Result } from '../../src-shared/contract/contract.ts'
import { metricInfo } from '../../src-shared/contract/metrics.ts'
import { readResult } from '../store/run-folder.ts'
import type { RunStore } from '../store/run-store.ts'
import { shortId } from '../store/run-summary.ts'
import type { Comparison } from './compare-runs.ts'
import { neuronTables } from './run-arrays.ts'
import { asCsv, asHtml, asLatex, asMarkdown } from './tables-as-text.ts'
import type { TextTable } from './tables-as-text.ts'

type File = Result<'runs.export'>

/** What a run can be taken along as. Metrics are complete, never thinned. */
export function exportRun(store: RunStore, id: string, what: Params<'runs.export'>['what']): File {
  const name = `cotrain-${shortId(id)}`
  const record = store.read(id)
  switch (what) {
    case 'config':
      return { name: `${name}.yaml`, mime: 'application/yaml', text: stringify(record.config) }
    case 'metrics':
      return { name: `${name}-metrics.csv`, mime: 'text/csv', text: asCsv(metricTable(store, id)) }
    case 'neurons':
      return { name: `${name}-neurons.csv`, mime: 'text/csv', text: asCsv(neuronTable(store, id)) }
    case 'result': {
      const result = { ...record, scores: readResult(store.files(id).folder)?.scores ?? record.scores }
      return { name: `${name}.json`, mime: 'application/json', text: `${JSON.stringify(result, null, 2)}\n` }
    }
  }
}

function metricTable(store: RunStore, id: string): TextTable {
  const { series } = store.history(id).read()
  const keys = [...series.keys.keys()].sort()
  const rows = Array.from({ length: series.rows }, (_, i): (number | null)[] => [
    series.step[i] as number,
    series.epoch[i] as number,
    series.images[i] as number,
    series.seconds[i] as number,
    ...keys.map(() => null),
  ])
  for (const [column, key] of keys.entries()) {
    const at = series.keys.get(key)
    at?.rows.forEach((row, i) => {
      const value = at.value[i] as number
      if (Number.isFinite(value)) (rows[row] as (number | null)[])[4 + column] = value
    })
  }
  return { header: ['step', 'epoch', 'images', 'seconds', ...keys], rows }
}

function neuronTable(store: RunStore, id: string): TextTable {
  const tables = neuronTables(store, id)
  const columns = [...new Set(tables.flatMap((table) => Object.keys(table.columns)))]
  const rows = tables.flatMap((table) =>
    table.units.map((unit, i) => [
      table.area,
      table.session,
      unit,
      ...columns.map((c) => table.columns[c]?.[i] ?? null),
    ]),
  )
  return { header: ['area', 'session', 'unit', ...columns], rows }
}

/** The comparison as a file: one row per run, with the options that differ, the scores and their deltas. */
export function exportComparison(compared: Comparison, format: Params<'compare.export'>['format']): File {
  const name = 'cotrain-comparison'
  const table = comparisonTable(compared)
  switch (format) {
    case 'csv':
      return { name: `${name}.csv`, mime: 'text/csv', text: asCsv(table) }
    case 'markdown':
      return { name: `${name}.md`, mime: 'text/markdown', text: asMarkdown(table) }
    case 'latex':
      return { name: `${name}.tex`, mime: 'application/x-tex', text: asLatex(table) }
    case 'html':
      return { name: `${name}.html`, mime: 'text/html', text: asHtml(table, 'CoTrain comparison') }
    case 'json':
      return {
        name: `${name}.json`,
        mime: 'application/json',
        text: `${JSON.stringify(compared, null, 2)}\n`,
      }
  }
}

export function comparisonTable({ runs, differences, metrics, baseline }: Comparison): TextTable {
  const header = [
    'run',
    'name',
    'status',
    ...differences.map(({ path }) => path),
    ...metrics.flatMap(({ key }) => {
      const { label, unit } = metricInfo(key)
      const title = unit === '' ? label : `${label} [${unit}]`
      return baseline === null ? [title] : [title, `${title} delta`]
    }),
  ]
  const rows = runs.map((run, i) => [
    run.shortId,
    run.name,
    run.status,
    ...differences.map(({ values }) => optionText(values[i])),
    ...metrics.flatMap(({ values, deltas }) =>
      baseline === null ? [values[i] ?? null] : [values[i] ?? null, deltas[i] ?? null],
    ),
  ])
  return { header, rows }
}

function optionText(value: unknown): string | number | null {
  if (value === null || value === undefined) return null
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value)
}
