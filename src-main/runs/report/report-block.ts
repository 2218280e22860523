import type { TextTable } from '../../../src-shared/util/tables-as-text.ts'
import {
  HTML_TABLE_STYLE,
  asHtmlTable,
  asMarkdown,
  htmlText,
} from '../../../src-shared/util/tables-as-text.ts'

/** A part of a report, before it is known what kind of file it will be. */
export type ReportBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly lines: readonly string[] }
  | { readonly kind: 'table'; readonly title: string; readonly table: TextTable }
  | { readonly kind: 'code'; readonly text: string }

export interface Report {
  readonly title: string
  readonly blocks: readonly ReportBlock[]
}

const STYLE = `body{font:15px/1.5 Georgia,serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a2029;background:#fff}
h1,h2,table,pre{font-family:Helvetica,Arial,sans-serif}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
${HTML_TABLE_STYLE}table{font-size:.8rem;margin:1rem 0}td{font-variant-numeric:tabular-nums;overflow-wrap:anywhere}caption{text-align:left;padding:.3em 0}
pre{background:#f5f6f8;padding:.75rem;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.75rem}.scroll{overflow:auto}
@media print{@page{margin:16mm}body{max-width:none;margin:0;padding:0;font-size:10pt}tr,pre{break-inside:avoid}h2{break-after:avoid}}`

/** One page that opens anywhere: no script, nothing from elsewhere, which its policy also forbids. */
export function reportHtml({ title, blocks }: Report): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${htmlText(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${htmlText(title)}</h1>`,
    ...blocks.map(htmlBlock),
    '</body></html>\n',
  ].join('\n')
}

function htmlBlock(block: ReportBlock): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${htmlText(block.text)}</h2>`
    case 'text':
      return `<p>${htmlText(block.text)}</p>`
    case 'list':
      return `<ul>${block.lines.map((line) => `<li>${htmlText(line)}</li>`).join('\n')}</ul>`
    case 'table':
      return `<div class="scroll">${asHtmlTable(block.table, block.title)}</div>`
    case 'code':
      return `<pre>${htmlText(block.text)}</pre>`
  }
}

/** The same for an editor or a repository. Names and notes of people are text there too, never marks or HTML. */
export function reportMarkdown({ title, blocks }: Report): string {
  return [`# ${markdownText(title)}`, ...blocks.map(markdownBlock)].join('\n\n') + '\n'
}

function markdownBlock(block: ReportBlock): string {
  switch (block.kind) {
    case 'heading':
      return `## ${markdownText(block.text)}`
    case 'text':
      return markdownText(block.text)
    case 'list':
      return block.lines.map((line) => `- ${markdownText(line)}`).join('\n')
    case 'table':
      return `${block.title === '' ? '' : `${markdownText(block.title)}\n\n`}${asMarkdown(block.table).trimEnd()}`
    case 'code':
      return fenced(block.text.trimEnd())
  }
}

/** What would start a list, a heading or a quotation at the head of a paragraph. */
const MARK_AT_START = /^(\s*)([-+#>=~]|\d+(?=[.)]))/

const markdownText = (text: string): string =>
  text
    .replace(/([|\\`*_<>[\]])/g, '\\$1')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(MARK_AT_START, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
    )

/** A fence longer than any in the text cannot be ended by it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}yaml\n${text}\n${fence}`
}
