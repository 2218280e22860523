/** A table to be written out: cells are text or numbers, null is an empty cell. */
export interface TextTable {
  readonly header: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/** How a formula begins, also in full width: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

/** Text that would be run by spreadsheet programs is prefixed; numbers are not. */
export const cellText = (text: string): string => (FORMULA.test(text) ? `'${text}` : text)

/** A table as CSV with the ends of lines that RFC 4180 asks for. */
export function asCsv({ header, rows }: TextTable): string {
  const cell = (value: string | number | null): string => {
    if (value === null) return ''
    if (typeof value === 'number') return String(value)
    const safe = cellText(value)
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

export function asMarkdown({ header, rows }: TextTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  const cell = (value: string | number | null): string =>
    shown(value)
      .replace(/([|\\`*_<>[\]])/g, '\\$1')
      .replaceAll('\n', ' ')
  return (
    line(header.map(cell)) + line(header.map(() => '---')) + rows.map((row) => line(row.map(cell))).join('')
  )
}

export function asLatex({ header, rows }: TextTable): string {
  const line = (cells: readonly (string | number | null)[]): string =>
    `  ${cells.map((c) => latex(shown(c))).join(' & ')} \\\\\n`
  const columns = `l${'r'.repeat(Math.max(0, header.length - 1))}`
  return `\\begin{tabular}{${columns}}\n\\toprule\n${line(header)}\\midrule\n${rows.map(line).join('')}\\bottomrule\n\\end{tabular}\n`
}

export const HTML_TABLE_STYLE =
  'table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3em .6em;text-align:left}'

/** A table of its own page. */
export const asHtml = (table: TextTable, title: string): string =>
  `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>${htmlText(title)}</title><style>body{font:14px sans-serif}${HTML_TABLE_STYLE}</style>\n${asHtmlTable(table)}\n</html>\n`

/** A table for a page, with a caption where there is one. */
export function asHtmlTable({ header, rows }: TextTable, caption = ''): string {
  const row = (tag: string, cells: readonly (string | number | null)[]): string =>
    `<tr>${cells.map((c) => `<${tag}>${htmlText(shown(c))}</${tag}>`).join('')}</tr>\n`
  const head = caption === '' ? '' : `<caption>${htmlText(caption)}</caption>\n`
  return `<table>\n${head}<thead>\n${row('th', header)}</thead>\n<tbody>\n${rows.map((r) => row('td', r)).join('')}</tbody>\n</table>`
}

/** Four significant digits, as papers print them. */
function shown(value: string | number | null): string {
  if (value === null) return ''
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : value
}

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** A text as content or attribute of HTML. */
export const htmlText = (text: string): string => text.replace(/[&<>"]/g, (c) => HTML[c] ?? c)

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
}
const latex = (text: string): string => text.replace(/[\\~^]|[&%$#_{}]/g, (c) => LATEX[c] ?? `\\${c}`)
