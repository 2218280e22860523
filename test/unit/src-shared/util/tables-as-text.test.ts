import { describe, expect, it } from 'vitest'
import { asCsv, asHtml, asLatex, asMarkdown } from '../../../../src-shared/util/tables-as-text.ts'
import { fc } from '../../../support/property.ts'

/** A reader of CSV after RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let isQuoted = false
  const end = (): void => void (rows.at(-1)?.push(cell), (cell = ''))
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (isQuoted) {
      if (c !== '"') cell += c
      else if (text[i + 1] === '"') cell += text[++i]!
      else isQuoted = false
    } else if (c === '"') isQuoted = true
    else if (c === ',') end()
    else if (c === '\r' && text[i + 1] === '\n') {
      i++
      end()
      rows.push([])
    } else cell += c
  }
  rows.pop()
  return rows
}

const cells = fc.oneof(fc.string(), fc.constantFrom('a,b', 'say "so"', 'two\nlines', '', ' ', 'a\rb'))
const tables = fc.integer({ min: 1, max: 4 }).chain((width) =>
  fc.record({
    header: fc.array(cells, { minLength: width, maxLength: width }),
    rows: fc.array(fc.array(cells, { minLength: width, maxLength: width }), { maxLength: 4 }),
  }),
)

describe('a table as CSV', () => {
  it('is read back as it was, but for the mark that keeps a formula from being run', () => {
    fc.assert(
      fc.property(tables, ({ header, rows }) => {
        const marked = [header, ...rows].map((row) =>
          row.map((cell) => (/^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell)),
        )
        expect(readCsv(asCsv({ header, rows }))).toEqual(marked)
      }),
    )
  })

  it('holds no cell that a spreadsheet program would run, while numbers stay numbers', () => {
    const text = asCsv({ header: ['name'], rows: [['=cmd()'], ['+1'], ['@x'], ['-x'], [-1.5], [null]] })
    expect(text).toBe("name\r\n'=cmd()\r\n'+1\r\n'@x\r\n'-x\r\n-1.5\r\n\r\n")
  })

  it('keeps every digit of a number', () => {
    expect(asCsv({ header: ['v'], rows: [[0.1 + 0.2], [1e-9], [123456789.125]] })).toBe(
      'v\r\n0.30000000000000004\r\n1e-9\r\n123456789.125\r\n',
    )
  })
})

describe('a table for people', () => {
  const table = {
    header: ['run', 'a_b'],
    rows: [
      ['50 % & more', 0.123456],
      ['<b>|*x*', null],
    ],
  }

  it('has four digits, and shows text as text in Markdown', () => {
    expect(asMarkdown(table)).toBe(
      '| run | a\\_b |\n| --- | --- |\n| 50 % & more | 0.1235 |\n| \\<b\\>\\|\\*x\\* |  |\n',
    )
    expect(asMarkdown({ header: ['x'], rows: [['two\nlines']] })).toContain('| two lines |')
  })

  it('is LaTeX with names to the left and numbers to the right, its signs escaped', () => {
    expect(asLatex(table)).toBe(
      [
        '\\begin{tabular}{lr}',
        '\\toprule',
        '  run & a\\_b \\\\',
        '\\midrule',
        '  50 \\% \\& more & 0.1235 \\\\',
        '  <b>|*x* &  \\\\',
        '\\bottomrule',
        '\\end{tabular}',
        '',
      ].join('\n'),
    )
    expect(asLatex({ header: ['\\~^{}#$'], rows: [] })).toContain(
      '\\textbackslash{}\\textasciitilde{}\\textasciicircum{}\\{\\}\\#\\$',
    )
  })

  it('is a page whose text cannot become markup', () => {
    const page = asHtml(
      { header: ['<script>'], rows: [['"a" & <i>b</i>']] },
      '</title><script>alert(1)</script>',
    )
    expect(page).not.toMatch(/<script|<i>/)
    expect(page).toContain('<th>&lt;script&gt;</th>')
    expect(page).toContain('<td>&quot;a&quot; &amp; &lt;i&gt;b&lt;/i&gt;</td>')
    expect(page).toContain('<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>')
  })
})
