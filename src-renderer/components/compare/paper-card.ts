import type { RunDetail } from '../../../src-shared/contract/run.ts'
import { formatOption } from '../../format/option-value.ts'
import { formatDelta, formatMetric, formatSpread } from '../../format/number.ts'
import { formatDate, formatDuration } from '../../format/time.ts'
import { escapeXml } from '../charts/svg-axes.ts'
import { yamlOf } from '../editor/yaml-of.ts'
import type { CompareRow } from './compare-rows.ts'
import type { Comparison, Grouping } from './comparison.ts'
import { compareRows, scoreOf, shownDifferences, trustNote } from './compare-rows.ts'

export interface PaperCard {
  readonly comparison: Comparison
  readonly grouping: Grouping
  readonly details: readonly RunDetail[]
  /** Stand-alone SVG pictures, trusted: made by this application. */
  readonly figures: readonly string[]
  readonly now: number
}

const STYLE = `body{font:15px/1.5 Georgia,serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a2029;background:#fff}
h1,h2,table,pre{font-family:Helvetica,Arial,sans-serif}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;width:100%;font-size:.8rem}th,td{padding:.25rem .5rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}.note{color:#555;font-size:.85rem}svg{max-width:100%;height:auto;border:1px solid #eee;margin:.5rem 0}
pre{background:#f5f6f8;padding:.75rem;overflow:auto;font-size:.75rem}.scroll{overflow:auto}`

/** A comparison as one HTML file that opens anywhere without a network: figures, scores, settings, seeds, versions, data, methods. */
export function paperCard(card: PaperCard): string {
  const rows = compareRows(card.comparison, card.grouping)
  const title = `Comparison of ${card.comparison.runs.length} runs`
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    `<title>${escapeXml(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escapeXml(title)}</h1><p class="note">Made with CoTrain on ${formatDate(card.now)}.</p>`,
    '<h2>Scores</h2>',
    scoreTable(card.comparison, rows),
    `<p class="note">${escapeXml(trustNote(rows, card.grouping, card.comparison.baseline !== null))}</p>`,
    '<h2>Settings that differ</h2>',
    differenceTable(card.comparison, rows, card.grouping),
    ...(card.figures.length > 0 ? ['<h2>Figures</h2>', ...card.figures] : []),
    '<h2>Methods</h2>',
    `<p>${escapeXml(methodsText(card.details))}</p>`,
    '<h2>Runs</h2>',
    runTable(card.details),
    '<h2>Configs (deviations from the defaults)</h2>',
    ...card.details.map(
      (d) =>
        `<h3>${escapeXml(d.summary.name)}, seed ${d.summary.seed}</h3><pre>${escapeXml(yamlOf(d.config))}</pre>`,
    ),
    '</body></html>',
  ].join('\n')
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<div class="scroll"><table><thead><tr>${head.map((h) => `<th>${escapeXml(h)}</th>`).join('')}</tr></thead><tbody>${rows
    .map(
      (r) => `<tr>${r.map((c, i) => `<td${i === 0 ? '' : ' class="n"'}>${escapeXml(c)}</td>`).join('')}</tr>`,
    )
    .join('')}</tbody></table></div>`

function scoreTable(c: Comparison, rows: readonly CompareRow[]): string {
  const cell = (row: CompareRow, key: string, unit: string): string => {
    const s = scoreOf(row, key)
    const sem = s.sem === null ? '' : ` ± ${formatSpread(s.sem, unit)}`
    const interval =
      s.interval === null ? '' : ` [${formatDelta(s.interval[0], unit)}, ${formatDelta(s.interval[1], unit)}]`
    const delta = row.isBaseline
      ? ' (baseline)'
      : s.delta === null
        ? ''
        : ` (${formatDelta(s.delta, unit)}${interval})`
    return `${formatMetric(s.value, unit)}${sem}${delta}`
  }
  return table(
    ['Setting', 'Seeds', ...c.metrics.map((m) => (m.unit === '' ? m.label : `${m.label}, ${m.unit}`))],
    rows.map((r) => [r.name, r.seeds.join(', '), ...c.metrics.map((m) => cell(r, m.key, m.unit))]),
  )
}

const differenceTable = (c: Comparison, rows: readonly CompareRow[], grouping: Grouping): string =>
  table(
    ['Option', ...rows.map((r) => (grouping === 'runs' ? `${r.name}, seed ${r.run.seed}` : r.name))],
    shownDifferences(c, grouping).map((d, i) => [d.path, ...rows.map((r) => formatOption(r.options[i]))]),
  )

const runTable = (details: readonly RunDetail[]): string =>
  table(
    ['Run', 'Name', 'Seed', 'Epochs', 'Time', 'Engine', 'Data'],
    details.map((d) => [
      d.summary.shortId,
      d.summary.name,
      String(d.summary.seed),
      String(Math.floor(d.summary.epoch)),
      formatDuration(d.summary.seconds),
      d.environment === null
        ? ''
        : `CoTrain ${d.environment.app}, ${d.environment.backend}${d.environment.tensorflow === null ? '' : ` ${d.environment.tensorflow}`}, ${d.environment.device}`,
      d.dataFingerprint ?? '',
    ]),
  )

const unique = (values: readonly string[]): string => [...new Set(values)].join(' and ')

/** A paragraph to start a methods section from; it states only what the runs recorded. */
export function methodsText(details: readonly RunDetail[]): string {
  const first = details[0]
  if (first === undefined) return ''
  const seeds = new Set(details.map((d) => d.summary.seed)).size
  const engines = unique(
    details.flatMap((d) =>
      d.environment === null
        ? []
        : [
            `${d.environment.backend === 'native' ? 'TensorFlow' : 'TensorFlow.js'} ${d.environment.tensorflow ?? ''}`.trim(),
          ],
    ),
  )
  return [
    `${details.length} networks (${unique(details.map((d) => d.config.model.fn))}) were trained on ${unique(details.map((d) => d.config.dataset.fn))} with ${unique(details.map((d) => d.config.trainer.fn))}, with ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}.`,
    engines === ''
      ? ''
      : `Computations used ${engines} through CoTrain ${unique(details.flatMap((d) => (d.environment === null ? [] : [d.environment.app])))}.`,
    'Scores are those of the final evaluation with the weights of the best validation score. All options that differ from their defaults are listed below.',
  ]
    .filter((t) => t !== '')
    .join(' ')
}
