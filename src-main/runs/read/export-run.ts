import { stringify } from 'yaml'
import { scoreCautions } from '../../../src-shared/contract/run-end.ts'
import type { Params, Result } from '../../../src-shared/contract/contract.ts'
import { toNnfabrik } from '../../../src-shared/schema/published/to-nnfabrik.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { storedConfig } from '../../../src-shared/schema/run-config.ts'
import { readResult } from '../../store/files/run-folder.ts'
import type { RunStore } from '../../store/run-store.ts'
import { shortId } from '../../store/list/run-summary.ts'
import { neuronTables } from './run-arrays.ts'
import { runLines } from './run-lines.ts'
import { asCsv } from '../../../src-shared/util/tables-as-text.ts'
import type { TextTable } from '../../../src-shared/util/tables-as-text.ts'
import { asParquet, PARQUET_MIME } from '../../../src-shared/util/table-as-parquet.ts'

type File = Result<'runs.export'>

/** What a run can be taken along as. Metrics are complete, never thinned. */
export async function exportRun(
  store: RunStore,
  id: string,
  what: Params<'runs.export'>['what'],
): Promise<File> {
  const name = `cotrain-${shortId(id)}`
  const record = store.read(id)
  switch (what) {
    case 'config':
      return { name: `${name}.yaml`, mime: 'application/yaml', text: stringify(record.config) }
    case 'metrics':
      return { name: `${name}-metrics.csv`, mime: 'text/csv', text: asCsv(metricTable(store, id)) }
    case 'neurons':
      return { name: `${name}-neurons.csv`, mime: 'text/csv', text: asCsv(neuronTable(store, id)) }
    case 'metrics-parquet':
      return parquetFile(`${name}-metrics`, metricTable(store, id))
    case 'neurons-parquet':
      return parquetFile(`${name}-neurons`, neuronTable(store, id), NEURON_TEXTS)
    case 'nnfabrik':
      return { name: `${name}-nnfabrik.yaml`, mime: 'application/yaml', text: nnfabrikText(record.config) }
    case 'jsonl':
      return { name: `${name}.jsonl`, mime: 'application/jsonl', text: runLines(store, id) }
    case 'result': {
      const scores = readResult(store.files(id).folder)?.scores ?? record.scores
      const result = { ...record, scores, notes: scoreCautions(record) }
      return { name: `${name}.json`, mime: 'application/json', text: `${JSON.stringify(result, null, 2)}\n` }
    }
  }
}

/** Columns of the table of units that name one. */
const NEURON_TEXTS = ['area', 'session', 'unit', 'note']

/** A table as a file of Parquet; `texts`: columns that hold text, also where all are empty. */
export async function parquetFile(
  name: string,
  table: TextTable,
  texts: readonly string[] = [],
): Promise<File> {
  const text = Buffer.from(await asParquet(table, texts)).toString('base64')
  return { name: `${name}.parquet`, mime: PARQUET_MIME, text, isBase64: true }
}

/** The config in the form of nnfabrik; what its classes do not know stands above it. */
function nnfabrikText(config: RunConfig): string {
  const { config: written, leftOut } = toNnfabrik(storedConfig(config))
  return `${leftOut.map((path) => `# CoTrain alone knows ${path}\n`).join('')}${stringify(written)}`
}

function metricTable(store: RunStore, id: string): TextTable {
  const { series } = store.history(id).read()
  const keys = [...series.keys.keys()].sort()
  const rows = Array.from({ length: series.rows }, (_, i): (number | null)[] => [
    series.step[i]!,
    series.epoch[i]!,
    series.images[i]!,
    series.seconds[i]!,
    ...keys.map(() => null),
  ])
  for (const [column, key] of keys.entries()) {
    const at = series.keys.get(key)
    at?.rows.forEach((row, i) => {
      const value = at.value[i]!
      if (Number.isFinite(value)) rows[row]![4 + column] = value
    })
  }
  return { header: ['step', 'epoch', 'images', 'seconds', ...keys], rows }
}

function neuronTable(store: RunStore, id: string): TextTable {
  const tables = neuronTables(store, id)
  const untrained = store.read(id).end?.untrained ?? []
  const isUntrained = (area: string, session: string): boolean =>
    untrained.some(({ task, sessions }) => task === area && sessions.includes(session))
  const columns = [...new Set(tables.flatMap((table) => Object.keys(table.columns)))]
  const rows = tables.flatMap((table) =>
    table.units.map((unit, i) => [
      table.area,
      table.session,
      unit,
      ...(untrained.length === 0 ? [] : [isUntrained(table.area, table.session) ? 'untrained' : '']),
      ...columns.map((c) => table.columns[c]?.[i] ?? null),
    ]),
  )
  return {
    header: ['area', 'session', 'unit', ...(untrained.length === 0 ? [] : ['note']), ...columns],
    rows,
  }
}
