import { invalidFile } from '../../formats/base/problem.ts'

/** A table with named columns; cells are text. */
export interface CsvTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Parses comma-, semicolon- or tab-separated text with a header line and quoted cells. `name` is used in messages. */
export function parseCsv(text: string, name: string): CsvTable {
  const body = text.replace(/^\ufeff/, '')
  const header = body.slice(0, body.search(/\r?\n|$/))
  const separator = [',', ';', '\t'].sort((a, b) => header.split(b).length - header.split(a).length)[0] ?? ','
  const rows = splitCells(body, separator, name)
  const [columns, ...rest] = rows
  if (!columns || rest.length === 0)
    throw invalidFile(name, 'line 1', 'expected a header line and at least one row.')
  const names = columns.map((column) => column.trim())
  const twice = names.find((column, i) => names.indexOf(column) !== i)
  if (twice !== undefined) throw invalidFile(name, 'line 1', `the column "${twice}" stands twice.`)
  const odd = rest.findIndex((row) => row.length !== names.length)
  if (odd >= 0)
    throw invalidFile(
      name,
      `row ${odd + 1}`,
      `has ${rest[odd]?.length} cells, the header has ${names.length}.`,
    )
  return { columns: names, rows: separator === ';' ? withPoints(names, rest, name) : rest }
}

const DECIMAL_COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$/i
const NUMBER = /^([+-]?\d*([.,]\d+)?(e[+-]?\d+)?|nan?)$/i
/** One to three digits, a comma and three digits: one thousand, or one and a fraction. */
const THOUSANDS = /^[+-]?[1-9]\d{0,2},\d{3}$/

/**
 * Columns of numbers with decimal commas, as a semicolon separates where commas are decimal; written with points. Refused
 * where points stand in other numbers, or where every comma may group thousands.
 */
function withPoints(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  file: string,
): readonly (readonly string[])[] {
  const cells = (column: number): string[] => rows.map((row) => (row[column] ?? '').trim())
  const numeric = names.map((_, column) => cells(column).every((cell) => NUMBER.test(cell)))
  const all = names.flatMap((_, column) => (numeric[column] === true ? cells(column) : []))
  const commas = all.filter((cell) => DECIMAL_COMMA.test(cell))
  if (commas.length === 0) return rows
  const column =
    names.find((_, i) => numeric[i] === true && cells(i).some((cell) => DECIMAL_COMMA.test(cell))) ?? ''
  const point = all.find((cell) => cell.includes('.'))
  if (point !== undefined || commas.every((cell) => THOUSANDS.test(cell)))
    throw invalidFile(
      file,
      `column ${column}`,
      point === undefined
        ? `"${commas[0] ?? ''}" may be a decimal number or thousands.`
        : `"${commas[0] ?? ''}" has a decimal comma and "${point}" a point.`,
      'Write all numbers with decimal points and without separators of thousands.',
    )
  return rows.map((row) => row.map((cell, i) => (numeric[i] === true ? cell.replace(',', '.') : cell)))
}

function splitCells(text: string, separator: string, name: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endRow = (): void => {
    row.push(cell)
    if (row.length > 1 || row[0]?.trim() !== '') rows.push(row)
    row = []
    cell = ''
  }
  for (let i = 0; i < text.length; i++) {
    const char = text[i]! // i < length
    if (quoted) {
      if (char !== '"') cell += char
      else if (text[i + 1] === '"') cell += text[++i]!
      else quoted = false
    } else if (char === '"' && cell === '') quoted = true
    else if (char === separator) {
      row.push(cell)
      cell = ''
    } else if (char === '\n') endRow()
    else if (char !== '\r') cell += char
  }
  if (quoted) throw invalidFile(name, `row ${rows.length}`, 'a quoted cell does not end.')
  if (cell !== '' || row.length > 0) endRow()
  return rows
}
