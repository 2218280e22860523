import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLogFile } from '../../../../src-main/disk/log-file.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

const folder = temporaryFolder()
const noon = (): Date => new Date(Date.UTC(2026, 0, 1, 12))

it('has every line on the disk at once, with its time', () => {
  const path = join(folder, 'logs', 'app.log')
  const log = openLogFile(path, noon)
  log.write('one\n')
  expect(readFileSync(path, 'utf8')).toBe('2026-01-01T12:00:00.000Z one\n')
  openLogFile(path, noon).write('two')
  expect(log.tail().split('\n').slice(0, 2)).toEqual([
    '2026-01-01T12:00:00.000Z one',
    '2026-01-01T12:00:00.000Z two',
  ])
  expect(log.tail(4)).toBe('two\n')
})

it('makes room at its size and keeps the one before', () => {
  const path = join(folder, 'small.log')
  const log = openLogFile(path, noon, 60)
  for (let i = 0; i < 7; i++) log.write(`line ${i}`)
  const lines = (file: string) =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.slice(25))
  expect([lines(`${path}.1`), lines(path)]).toEqual([['line 4', 'line 5'], ['line 6']])
})

it('does not throw where nothing can be written', () => {
  const path = join(folder, 'file', 'app.log')
  writeFileSync(join(folder, 'file'), '')
  const log = openLogFile(path)
  log.write('lost')
  expect([existsSync(path), log.tail()]).toEqual([false, ''])
})
