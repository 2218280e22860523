import type { TextTable } from './tables-as-text.ts'

export const PARQUET_MIME = 'application/vnd.apache.parquet'

/**
 * A table as a file of Apache Parquet: text in the columns named in `texts` and wherever a cell is text, doubles elsewhere, empty cells as nulls. Numbers are
 * doubles whatever values one run happens to have, and texts are named, so that pandas, R and Arrow stack the files of several; an option of a comparison is text
 * where one run has a text there. Columns of one name are numbered, since the format allows each once.
 */
export async function asParquet(
  { header, rows }: TextTable,
  texts: readonly string[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const { parquetWriteBuffer } = await import('hyparquet-writer')
  const names = namedOnce(header)
  const columnData = names.map((name, column) => {
    const cells = rows.map((row) => row[column] ?? null)
    const isText = texts.includes(name) || cells.some((cell) => typeof cell === 'string')
    const data = isText ? cells.map((cell) => (cell === null ? null : String(cell))) : cells
    return { name, type: isText ? ('STRING' as const) : ('DOUBLE' as const), nullable: true, data }
  })
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}

function namedOnce(header: readonly string[]): readonly string[] {
  const taken = new Map<string, number>()
  return header.map((name) => {
    const count = (taken.get(name) ?? 0) + 1
    taken.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  })
}
