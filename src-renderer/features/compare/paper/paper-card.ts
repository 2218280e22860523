import { parse as parseYaml } from 'yaml'
import type { RunDetail } from '../../../../src-shared/contract/run.ts'
import { leavesOf } from '../../../../src-shared/schema/diff.ts'
import type { TextTable } from '../../../../src-shared/util/tables-as-text.ts'
import { formatOptionAt } from '../../../../src-shared/schema/option-value.ts'
import { formatDate, formatDuration } from '../../../format/time.ts'
import { escapeXml } from '../../../format/escape-xml.ts'
import { yamlOf } from '../../../config/yaml-of.ts'
import type { Figure } from './compare-figures.ts'
import { methodsText } from '../../../../src-shared/methods/methods-text.ts'
import { optionLabel } from '../../../../src-shared/schema/option-names.ts'
import { shownDifferences, sourceNote, trustNote } from '../table/compare-rows.ts'
import { evidenceLines } from '../table/evidence.ts'
import type { Shown } from '../table/shown-table.ts'
import { captionOf, wordsTable } from '../table/shown-table.ts'

export interface PaperCard {
  readonly shown: Shown
  readonly details: readonly RunDetail[]
  /** Stand-alone SVG pictures, trusted: made by this application. */
  readonly figures: readonly Figure[]
  /** How a run or setting is drawn in the figures, as trusted SVG. */
  readonly mark?: (id: string) => string
  readonly now: number
}

const STYLE = `body{font:15px/1.5 Georgia,serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a2029;background:#fff}
h1,h2,h3,table,pre,nav{font-family:Helvetica,Arial,sans-serif}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}h3{font-size:.95rem}
table{border-collapse:collapse;width:100%;font-size:.8rem}th,td{padding:.25rem .5rem;border-bottom:1px solid #ccc;text-align:left;vertical-align:top}
thead th{border-bottom:2px solid #1a2029}td.n{font-variant-numeric:tabular-nums}td.hash,td.path{overflow-wrap:anywhere;font-family:monospace;font-size:.9em}td.path{color:#555}
.note,figcaption{color:#555;font-size:.85rem}figure{margin:1.25rem 0}svg{display:block;max-width:100%;height:auto;border:1px solid #eee}svg.mark{display:inline-block;border:0;margin-right:.4rem}
pre{background:#f5f6f8;padding:.75rem;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.75rem}.scroll{overflow:auto}
@media print{@page{margin:16mm}body{max-width:none;margin:0;padding:0;font-size:10pt}.scroll{overflow:visible}table{font-size:7.5pt}
figure,tr,pre{break-inside:avoid}h2,h3{break-after:avoid}thead{display:table-header-group}svg{max-height:200mm;border:0}}`

/** A comparison as one HTML file that opens anywhere without a network: figures, scores, settings, seeds, versions, data, methods. */
export function paperCard(card: PaperCard): string {
  const { shown, details, figures, now, mark = () => '' } = card
  const { comparison: c, rows } = shown
  const title = `Comparison of ${c.runs.length} runs`
  const evidence = evidenceLines(c, rows)
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    `<title>${escapeXml(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escapeXml(title)}</h1><p class="note">Made with CoTrain on ${formatDate(now)}.</p>`,
    '<h2>Scores</h2>',
    tableHtml(
      wordsTable(scoresOnly(shown)),
      rows.map((r) => mark(r.run.id)),
    ),
    note(captionOf(shown, formatDate(now))),
    note(`${trustOnPaper(shown)} ${sourceNote(c)}`),
    ...(evidence.length === 0 ? [] : ['<h2>Is it real?</h2>', list(evidence)]),
    '<h2>Settings that differ</h2>',
    tableHtml(differenceTable(shown)),
    ...(figures.length === 0 ? [] : ['<h2>Figures</h2>', ...figures.map(figureHtml)]),
    '<h2>Methods</h2>',
    `<p>${escapeXml(methodsText(details))}</p>`,
    '<h2>Deviations from the defaults</h2>',
    tableHtml(deviationTable(details)),
    '<h2>Runs</h2>',
    tableHtml(runTable(details)),
    '<h2>Configs</h2>',
    ...configsHtml(details),
    '</body></html>',
  ].join('\n')
}

/** Options have a table of their own. */
const scoresOnly = (shown: Shown): Shown => ({
  ...shown,
  columns: shown.columns.filter((col) => !/^((dataset|model|trainer)\.|(data_)?seed$|parent)/.test(col.id)),
})

/** Paper has no colours that could mean anything: the rule behind them is said instead. */
const trustOnPaper = ({ comparison: c, grouping, rows, spread }: Shown): string =>
  grouping === 'runs' || c.baseline === null
    ? trustNote(rows, grouping, c.baseline !== null, spread)
    : 'Intervals of differences: 95 %, Student’s t, paired over the seeds that both settings have, else Welch; none with one seed. They are not corrected for the number of comparisons.'

const note = (text: string): string => `<p class="note">${escapeXml(text)}</p>`
const list = (lines: readonly string[]): string =>
  `<ul>${lines.map((l) => `<li>${escapeXml(l)}</li>`).join('')}</ul>`

/** Pictures keep their own size up to the width of the page; their drawing stays sharp at any. */
function figureHtml({ svg, caption }: Figure, i: number): string {
  const width = /viewBox="0 0 (\d+(?:\.\d+)?) /.exec(svg)?.[1]
  const sized = width === undefined ? svg : svg.replace('<svg ', `<svg width="${width}" `)
  return `<figure>${sized}<figcaption>Figure ${i + 1}. ${escapeXml(caption)}</figcaption></figure>`
}

/** Configs that differ in the seed only are printed once. */
function configsHtml(details: readonly RunDetail[]): string[] {
  const groups = new Map<string, RunDetail[]>()
  for (const d of details) groups.set(d.summary.groupId, [...(groups.get(d.summary.groupId) ?? []), d])
  return [...groups.values()].flatMap((members) => {
    const first = members[0]
    if (first === undefined) return []
    const seeds = members.map((d) => d.summary.seed).join(', ')
    const title = `${first.summary.name}, ${members.length === 1 ? 'seed' : 'seeds'} ${seeds}`
    return [`<h3>${escapeXml(title)}</h3><pre>${escapeXml(yamlOf(first.config))}</pre>`]
  })
}

const LONG = /^[0-9a-f ]{20,}$/
/** Where an option stands in a config. */
const PATH = /^(dataset|model|trainer|parent)\.[\w.]+$/

/** `marks` stand before the first cell of each row. */
function tableHtml({ header, rows }: TextTable, marks: readonly string[] = []): string {
  const cell = (value: string | number | null, i: number): string => {
    const text = value === null ? '' : String(value)
    const kind =
      i === 0 ? '' : LONG.test(text) ? ' class="hash"' : PATH.test(text) ? ' class="path"' : ' class="n"'
    return `<td${kind}>${escapeXml(text)}</td>`
  }
  const head = header.map((h) => `<th>${escapeXml(h)}</th>`).join('')
  const marked = (row: string, i: number): string => row.replace('<td>', `<td>${marks[i] ?? ''}`)
  const body = rows.map((r, i) => `<tr>${marked(r.map(cell).join(''), i)}</tr>`).join('')
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** Options down, rows of the table across. */
function differenceTable({ comparison: c, grouping, rows }: Shown): TextTable {
  const tops = rows.filter((r) => r.parent === null)
  const differences = shownDifferences(c, grouping)
  const at = (id: string): number => c.runs.findIndex((r) => r.id === id)
  const paths = differences.map((d) => d.path)
  return {
    header: [
      'Option',
      'In the config',
      ...tops.map((r) => (grouping === 'runs' ? `${r.name}, seed ${r.run.seed}` : r.name)),
    ],
    rows: differences.map((d) => [
      optionLabel(d.path, paths),
      d.path,
      ...tops.map((r) => {
        const i = at(r.run.id)
        return formatOptionAt(d.path, d.absent?.[i] === true ? undefined : d.values[i])
      }),
    ]),
  }
}

const NOT_DEVIATIONS = /^(name|seed|comment|tags(\..*)?|\w+\.fn)$/

/** What the configs say beyond the defaults, one row per option and value, with the runs that have it. */
export function deviationTable(details: readonly RunDetail[]): TextTable {
  const found = new Map<string, { path: string; value: string; runs: Set<string> }>()
  for (const d of details) {
    for (const [path, value] of leavesOf(parseYaml(yamlOf(d.config)))) {
      if (NOT_DEVIATIONS.test(path)) continue
      const text = formatOptionAt(path, value)
      const key = `${path} ${text}`
      const row = found.get(key) ?? { path, value: text, runs: new Set<string>() }
      row.runs.add(d.summary.name)
      found.set(key, row)
    }
  }
  const names = new Set(details.map((d) => d.summary.name))
  const who = (runs: ReadonlySet<string>): string => (runs.size === names.size ? 'all' : [...runs].join('; '))
  const paths = [...found.values()].map(({ path }) => path)
  return {
    header: ['Option', 'In the config', 'Value', 'Settings'],
    rows: [...found.values()]
      .sort((a, b) => a.path.localeCompare(b.path))
      .map((r) => [optionLabel(r.path, paths), r.path, r.value, who(r.runs)]),
  }
}

const runTable = (details: readonly RunDetail[]): TextTable => ({
  header: ['Run', 'Name', 'Seed', 'Epochs', 'Time', 'Engine', 'Data (hash)'],
  rows: details.map((d) => [
    d.summary.id.slice(0, 16),
    d.summary.name,
    d.summary.seed,
    Math.floor(d.summary.epoch),
    formatDuration(d.summary.seconds),
    d.environment === null
      ? ''
      : `CoTrain ${d.environment.app}, ${d.environment.backend}${d.environment.tensorflow === null ? '' : ` ${d.environment.tensorflow}`}, ${d.environment.device}`,
    d.dataFingerprint ?? '',
  ]),
})
