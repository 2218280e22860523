import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { IndexedRun } from '../../../../../src-main/store/list/index-file.ts'
import { openIndex } from '../../../../../src-main/store/list/index-file.ts'
import { unreadableSummary } from '../../../../../src-main/store/list/run-summary.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const said: string[] = []
const open = (name: string) => openIndex(join(folder, name, 'runs.jsonl'), (text) => said.push(text))
const run = (id: string, signature: string): IndexedRun => ({
  signature,
  summary: unreadableSummary(id, { code: 'internal', message: signature }, 0),
})

describe('the index of runs', () => {
  it('knows after the next start what was changed and removed', () => {
    const index = open('kept')
    expect(index.rows).toEqual([])
    index.update([run('a', '1'), run('b', '1'), run('c', '1')], [])
    index.update([run('b', '2')], ['a'])
    expect(open('kept').rows).toEqual([run('b', '2'), run('c', '1')])
  })

  it('takes the changes of two programs', () => {
    const [one, two] = [open('shared'), open('shared')]
    one.update([run('a', '1')], [])
    two.update([run('b', '1')], [])
    one.update([run('a', '2')], [])
    expect(open('shared').rows).toEqual([run('a', '2'), run('b', '1')])
  })

  it('loses the run of a torn or damaged line alone, whatever is left of it', () => {
    open('torn').update([run('a', '1'), run('b', '1')], [])
    const path = join(folder, 'torn', 'runs.jsonl')
    const whole = readFileSync(path)
    const second = whole.lastIndexOf(0x0a) + 1
    for (let size = second; size < whole.length; size += 5) {
      writeFileSync(path, whole)
      truncateSync(path, size)
      open('torn').update([run('c', '1')], [])
      expect(open('torn').rows, `${size} bytes`).toEqual([run('a', '1'), run('c', '1')])
    }
    appendFileSync(path, '\n7\n[]\nnull\n["x",{}]\n["x"]')
    expect(open('torn').rows).toEqual([run('a', '1'), run('c', '1')])
  })

  it('is only added to while most of it counts: another program may be adding too', () => {
    const path = join(folder, 'short', 'runs.jsonl')
    const index = open('short')
    const header = readFileSync(path, 'utf8')
    writeFileSync(join(dirname(path), 'index.sqlite'), '')
    for (const signature of ['1', '2', '3']) index.update([run('a', signature)], [])
    index.update([], ['a'])
    const lines = ['1', '2', '3'].map((signature) => JSON.stringify([signature, run('a', signature).summary]))
    const whole = [header, ...lines, '"a"'].join('\n')
    expect(readFileSync(path, 'utf8')).toBe(whole)
    index.update([], [])
    expect(open('short').rows).toEqual([])
    expect(readFileSync(path, 'utf8')).toBe(whole)
    expect(existsSync(join(dirname(path), 'index.sqlite'))).toBe(true)
    expect(said).toEqual([])
  })

  it('is written anew when most of it says nothing any more, with what another program wrote', () => {
    const [index, other] = [open('grown'), open('grown')]
    other.update([run('b', '1')], [])
    for (let i = 0; i < 1200; i++) index.update([run('a', String(i))], [])
    const path = join(folder, 'grown', 'runs.jsonl')
    expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(300)
    expect(open('grown').rows).toEqual([run('b', '1'), run('a', '1199')])
  })

  it('is written anew at the start where others left it long', () => {
    open('long')
    const path = join(folder, 'long', 'runs.jsonl')
    const line = JSON.stringify(['1', run('a', '1').summary])
    appendFileSync(path, `\n${line}`.repeat(1200))
    expect(open('long').rows).toEqual([run('a', '1')])
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2)
  })

  it('takes the place of that of an earlier version', () => {
    open('earlier')
    const path = join(folder, 'earlier', 'index.sqlite')
    writeFileSync(path, '')
    writeFileSync(join(dirname(path), 'runs.jsonl'), '{"index":"runs","version":3}')
    open('earlier')
    expect(said.splice(0)).toEqual([
      'The index of the runs is built anew: it is damaged or of another version.',
    ])
    expect(existsSync(path)).toBe(false)
  })
})
