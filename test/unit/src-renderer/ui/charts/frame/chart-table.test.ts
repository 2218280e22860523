import { describe, expect, it } from 'vitest'
import { csvOf, lineTable } from '../../../../../../src-renderer/ui/charts/frame/chart-table.ts'

describe('csvOf', () => {
  it('quotes commas, quotes and line breaks', () => {
    expect(csvOf({ head: ['a,b', 'c'], rows: [['say "x"', 'two\nlines']] })).toBe(
      '"a,b",c\r\n"say ""x""","two\nlines"\r\n',
    )
  })

  it('does not let a spreadsheet run a name as a formula', () => {
    expect(csvOf({ head: ['n'], rows: [['=1+1'], ['@x'], ['-y']] })).toBe("n\r\n'=1+1\r\n'@x\r\n'-y\r\n")
  })

  it('leaves negative numbers as numbers and missing ones empty', () => {
    expect(csvOf({ head: ['n'], rows: [[-1.5], [null]] })).toBe('n\r\n-1.5\r\n\r\n')
  })
})

it('lists lines of different lengths in one table', () => {
  const line = (label: string, n: number) => ({
    id: label,
    label,
    token: '--c0',
    dash: [],
    points: Array.from({ length: n }, (_, i) => ({ x: i, y: i })),
  })
  expect(lineTable([line('a', 1), line('b', 2)], 'Step', 'Loss').rows).toEqual([
    ['a', 0, 0],
    ['b', 0, 0],
    ['b', 1, 1],
  ])
})
