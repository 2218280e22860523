import { readFileSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { csvCell, safeFileName } from '../../src-main/io/exporters/safe-text.ts'
import { parseConfigText } from '../../src-main/runs/create/config-text.ts'
import { importNnfabrik } from '../../src-main/runs/create/nnfabrik-text.ts'
import { parseText } from '../../src-renderer/config/config-text.ts'
import { asCsv } from '../../src-shared/util/tables-as-text.ts'
import { tell } from './figures.ts'

const root = join(import.meta.dirname, '../..')
const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

describe('a cell of a table', () => {
  const FORMULAS = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '=HYPERLINK("http://evil","x")', "=cmd|' /C calc'!A0", '＝1', '＋1', '－1', '＠x'] // prettier-ignore

  it('is never a formula, in any table that is written', () => {
    const cells = FORMULAS.flatMap((text) => [csvCell(text), asCsv({ header: [text], rows: [] })])
    expect(cells.filter((cell) => !/^"?'/.test(cell))).toEqual([])
    tell('formulas in cells', cells.length, cells.length)
    expect(asCsv({ header: ['a'], rows: [[-1]] })).toBe('a\r\n-1\r\n')
  })
})

describe('a file name made from a name', () => {
  it('is one plain name on every system', () => {
    const names = ['../../etc/passwd', '..\\x', '/abs', 'C:\\x', 'a\0b', 'a\nb', '\u202egnp.exe', 'con', 'CON.txt', 'nul.tar.gz', 'COM1', 'lpt9.x', 'com¹', '.', '..', '...', '', ' ', 'a.', 'a ', '.hidden', 'a'.repeat(500), '神経'.repeat(200), '🧠'.repeat(200), `${'a'.repeat(199)}. x`] // prettier-ignore
    const faults = names.filter((name) => {
      const made = safeFileName(name)
      const isPlain = made !== '' && !/[/\\:*?"<>|\p{Cc}\u202e]/u.test(made) && !/^\.|[. ]$/.test(made)
      const isDevice = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(\.|$)/i.test(made)
      return !isPlain || isDevice || Buffer.byteLength(made) > 255 || /\p{Surrogate}/u.test(made)
    })
    expect(faults).toEqual([])
    tell('names that are no file names', names.length, names.length)
    expect(safeFileName('monkey 12, V1')).toBe('monkey 12, V1')
  })
})

describe('a text of YAML', () => {
  // 8,000 names or keys took the parser seconds, a megabyte of them minutes; open brackets the stack or all memory.
  const BOMBS: Readonly<Record<string, string>> = {
    'billion laughs': `a: &a [x]\n${lines(20, (i) => `b${i}: &b${i} [${i === 0 ? '*a' : `*b${i - 1}, *b${i - 1}`}]`)}`,
    'open lists': '['.repeat(500_000),
    'closed lists': `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    'open maps': '{a: '.repeat(100_000),
    'lists of lists': '- '.repeat(200_000),
    'keys of keys': '? '.repeat(200_000),
    'deeper with each line': lines(1_000, (i) => `${' '.repeat(i)}a:`),
    'tens of thousands of names': lines(50_000, (i) => `- &a${i} 1`),
    'a key twice': 'seed: 1\nseed: 2',
    'a merge': 'a: &a {b: 1}\nc: {<<: *a}',
    'a tag that builds': 'a: !!js/function "x"\nb: !!python/object/apply:os.system ["x"]',
    'two megabytes': `a: ${'x'.repeat(2_000_000)}`,
    'a key that is a prototype': '__proto__: {polluted: true}',
  }

  it('that would take time, memory or the stack is refused with its reason', () => {
    for (const [name, text] of Object.entries(BOMBS)) {
      const { config, problems } = parseConfigText(text)
      expect([name, config, problems[0]?.code]).toEqual([name, null, 'config-invalid'])
      expect([name, importNnfabrik(text)]).toEqual([name, null])
      if (/open|lists|keys|deeper/.test(name))
        expect(parseText(text).problems.length, name).toBeGreaterThan(0)
    }
    tell('texts of YAML', Object.keys(BOMBS).length, Object.keys(BOMBS).length)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('with very many keys is read as fast as it is long', () => {
    expect(parseConfigText(lines(20_000, (i) => `k${i}: 1`)).problems.length).toBe(101)
  })
})

describe('the page', () => {
  it('has no way for text to become markup or code', () => {
    const sources = readdirSync(join(root, 'src-renderer'), { recursive: true, encoding: 'utf8' })
    const found = sources
      .filter((name) => ['.ts', '.vue'].includes(extname(name)))
      .filter((name) => /v-html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|\beval\(|new Function\(|srcdoc|<(iframe|webview|object|embed)\s/.test(readFileSync(join(root, 'src-renderer', name), 'utf8'))) // prettier-ignore
    expect(found).toEqual([])
  })
})
