import type { TextTable } from './tables-as-text.ts'

export const PARQUET_MIME = 'application/vnd.apache.parquet'

/**
 * A table as a file of Apache Parquet: columns of numbers as doubles, all others as text, empty cells as nulls. What a column holds does not
 * depend on the values that one run happens to have: pandas, R and Arrow stack the files of several. Columns of one name are numbered, since the
 * format allows each once.
 */
export async function asParquet({ header, rows }: TextTable): Promise<Uint8Array<ArrayBuffer>> {
  const { parquetWriteBuffer } = await import('hyparquet-writer')
  const columnData = namedOnce(header).map((name, column) => {
    const cells = rows.map((row) => row[column] ?? null)
    const isText = cells.some((cell) => typeof cell === 'string')
    return isText
      ? {
          name,
          type: 'STRING' as const,
          nullable: true,
          data: cells.map((cell) => (cell === null ? null : String(cell))),
        }
      : { name, type: 'DOUBLE' as const, nullable: true, data: cells }
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
