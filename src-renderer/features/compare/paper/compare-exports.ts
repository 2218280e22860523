import { strToU8, zipSync } from 'fflate'
import { asCsv, asLatex, asMarkdown } from '../../../../src-shared/util/tables-as-text.ts'
import { asParquet, PARQUET_MIME } from '../../../../src-shared/util/table-as-parquet.ts'
import type { RunDetail } from '../../../../src-shared/contract/run.ts'
import { call } from '../../../api/client.ts'
import { formatDate } from '../../../format/time.ts'
import { paperPalette } from '../../../ui/charts/frame/palette.ts'
import { markSvg } from '../../../ui/charts/picture/picture-svg.ts'
import { saveFile } from '../../../ui/use/save-file.ts'
import type { SeriesStyle } from '../../../format/series-style.ts'
import { yamlOf } from '../../../config/yaml-of.ts'
import { figuresOf, slug } from './compare-figures.ts'
import { methodsText } from '../../../../src-shared/methods/methods-text.ts'
import { paperCard } from './paper-card.ts'
import type { Shown } from '../table/shown-table.ts'
import { captionOf, numbersTable, wordsTable } from '../table/shown-table.ts'

type Style = (id: string) => SeriesStyle

const NAME = 'cotrain-comparison'
/** Columns that name a row. */
const TEXTS = ['runs', 'run', 'setting', 'name', 'seeds', 'status']

const captionNow = (shown: Shown): string => captionOf(shown, formatDate(Date.now()))

export type TableFormat = 'csv' | 'parquet' | 'markdown' | 'latex' | 'json'

/** Saves what the table shows, and nothing else. */
export async function saveTable(shown: Shown, format: TableFormat): Promise<void> {
  const save = (end: string, mime: string, content: string | Uint8Array<ArrayBuffer>): void =>
    saveFile(`${NAME}.${end}`, new Blob([content], { type: mime }))
  if (format === 'parquet') save('parquet', PARQUET_MIME, await asParquet(numbersTable(shown), TEXTS))
  if (format === 'csv') save('csv', 'text/csv', asCsv(numbersTable(shown)))
  if (format === 'markdown')
    save('md', 'text/markdown', `${asMarkdown(wordsTable(shown))}\n${captionNow(shown)}\n`)
  if (format === 'latex') save('tex', 'application/x-tex', latexText(shown))
  if (format === 'json') save('json', 'application/json', `${JSON.stringify(shown.comparison, null, 2)}\n`)
}

/** A comment cannot end in the middle of a line of LaTeX. */
const latexText = (shown: Shown): string =>
  `% ${captionNow(shown).replace(/\s+/g, ' ')}\n${asLatex(wordsTable(shown))}`

/** All charts of the comparison in one archive. */
export async function saveCharts(shown: Shown, style: Style): Promise<void> {
  const figures = await figuresOf({ ...shown, palette: paperPalette(), style })
  saveZip('cotrain-charts.zip', Object.fromEntries(figures.map((f) => [`${f.name}.svg`, f.svg])))
}

/** The paper card: one HTML file, or an archive with the card, its figures, tables, configs and all numbers. */
export async function savePaperCard(shown: Shown, style: Style, as: 'html' | 'zip'): Promise<void> {
  const c = shown.comparison
  const details = await Promise.all(c.runs.map(({ id }) => call('runs.get', { id })))
  const palette = paperPalette()
  const figures = await figuresOf({ ...shown, palette, style })
  const mark = (id: string): string => {
    const { token, dash, marker } = style(id)
    return markSvg({ colour: palette.token(token), dash, marker }, palette)
  }
  const html = paperCard({ shown, details, figures, mark, now: Date.now() })
  if (as === 'html') return saveFile('comparison.html', new Blob([html], { type: 'text/html' }))
  const files: Record<string, string> = {
    'comparison.html': html,
    'table.csv': asCsv(numbersTable(shown)),
    'table.md': `${asMarkdown(wordsTable(shown))}\n${captionNow(shown)}\n`,
    'table.tex': latexText(shown),
    'methods.txt': `${methodsText(details)}\n`,
    'captions.txt': figures.map((f) => `${f.name}.svg: ${f.caption}\n`).join(''),
    ...Object.fromEntries(figures.map((f) => [`figures/${f.name}.svg`, f.svg])),
  }
  for (const d of details) Object.assign(files, await filesOfRun(d))
  saveZip('comparison.zip', files)
}

/** Config, every metric unthinned, and results per unit where there are any. */
async function filesOfRun(d: RunDetail): Promise<Record<string, string>> {
  const { id, name, seed, shortId } = d.summary
  const folder = `runs/${slug(name) || 'run'}-seed-${seed}-${shortId}`
  const metrics = await call('runs.export', { id, what: 'metrics' })
  const neurons = await call('runs.export', { id, what: 'neurons' })
  return {
    [`${folder}/config.yaml`]: yamlOf(d.config),
    [`${folder}/metrics.csv`]: metrics.text,
    ...(neurons.text.split('\n').length > 2 ? { [`${folder}/neurons.csv`]: neurons.text } : {}),
  }
}

function saveZip(name: string, files: Readonly<Record<string, string>>): void {
  const packed = zipSync(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])),
  )
  saveFile(name, new Blob([packed], { type: 'application/zip' }))
}
