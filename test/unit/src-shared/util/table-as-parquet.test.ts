import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { asParquet } from '../../../../src-shared/util/table-as-parquet.ts'
import type { TextTable } from '../../../../src-shared/util/tables-as-text.ts'

const readBack = async (table: TextTable): Promise<Record<string, unknown>[]> =>
  parquetReadObjects({ file: (await asParquet(table)).buffer })

describe('a table as Parquet', () => {
  it('has its numbers to the last digit, texts as they are, and empty cells', async () => {
    const numbers = [1 / 3, -0, 1e308, 5e-324, Number.MAX_SAFE_INTEGER]
    const rows = numbers.map((n, i) => [i, n, i % 2 === 0 ? null : n, `=SUM(A1) "${i}" – ü`])
    expect(await readBack({ header: ['step', 'a', 'b', 'name'], rows })).toEqual(
      rows.map(([step, a, b, name]) => ({ step, a, b: b ?? null, name })),
    )
  })

  it('holds numbers as doubles whatever they are, so that files of several runs can be stacked', async () => {
    const types = async (rows: TextTable['rows']) =>
      parquetMetadata((await asParquet({ header: ['n'], rows })).buffer).schema.map(({ type }) => type)
    expect(await types([[1], [2]])).toEqual(await types([[0.5], [null]]))
    expect(await types([[null]])).toEqual(await types([[1]]))
  })

  it('holds text in columns that are named so, also where all cells are empty or numbers', async () => {
    const table = { header: ['unit', 'score'], rows: [[null, 0.5], [7, null]] } // prettier-ignore
    const file = await asParquet(table, ['unit'])
    expect(await parquetReadObjects({ file: file.buffer })).toEqual([
      { unit: null, score: 0.5 },
      { unit: '7', score: null },
    ])
    const typesOf = async (rows: TextTable['rows']) =>
      parquetMetadata((await asParquet({ ...table, rows }, ['unit'])).buffer).schema.map(({ type }) => type)
    expect(await typesOf([])).toEqual(await typesOf([['a', 1]]))
  })

  it('numbers columns of one name, and may be empty', async () => {
    expect(await readBack({ header: ['a', 'a', 'b'], rows: [[1, 2, 'x']] })).toEqual([
      { a: 1, 'a (2)': 2, b: 'x' },
    ])
    expect(await readBack({ header: ['a'], rows: [] })).toEqual([])
  })

  it('keeps 20,000 rows', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => [
      i,
      Math.sin(i),
      i % 7 === 0 ? null : `unit ${i % 100}`,
    ])
    const found = await readBack({ header: ['i', 'value', 'unit'], rows })
    expect(found).toHaveLength(rows.length)
    expect([found[0], found[19_998]]).toEqual([
      { i: 0, value: 0, unit: null },
      { i: 19_998, value: Math.sin(19_998), unit: 'unit 98' },
    ])
  })
})
