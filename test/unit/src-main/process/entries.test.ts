import { join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { entryBeside, nodeArguments } from '../../../../src-main/process/entries.ts'

const at = (...names: string[]): string => pathToFileURL(join(sep, 'lab', ...names)).href
const entry = (own: string): string => fileURLToPath(entryBeside(own, './deep/sandbox-child.ts'))

beforeEach(() => vi.stubEnv('COTRAIN_BUILT', undefined))
afterEach(() => vi.unstubAllEnvs())

describe('the file that a child process starts with', () => {
  it('is the source beside a source, and the bundle beside a bundle', () => {
    expect(entry(at('src-main', 'io', 'x.ts'))).toBe(
      join(sep, 'lab', 'src-main', 'io', 'deep', 'sandbox-child.ts'),
    )
    expect(entry(at('out', 'main', 'chunk-1.js'))).toBe(join(sep, 'lab', 'out', 'main', 'sandbox-child.js'))
  })

  it('is the bundle of a source that the tests have built, and the source of a copy of it', () => {
    vi.stubEnv('COTRAIN_BUILT', join(sep, 'lab', 'out', 'main'))
    expect(entry(at('src-main', 'io', 'x.ts'))).toBe(join(sep, 'lab', 'out', 'main', 'sandbox-child.js'))
    for (const other of ['lab2', 'tmp'])
      expect(entry(pathToFileURL(join(sep, other, 'src-main', 'x.ts')).href)).toMatch(/sandbox-child\.ts$/)
  })

  it('is compiled on its way where it is a source', () => {
    const [flag, compiler = '', file] = nodeArguments(new URL(at('src-main', 'a-child.ts')))
    expect([flag, file]).toEqual(['--import', join(sep, 'lab', 'src-main', 'a-child.ts')])
    expect(compiler).toMatch(/tsx/)
    expect(nodeArguments(new URL(at('app.asar', 'out', 'main', 'a-child.js')))).toEqual([
      join(sep, 'lab', 'app.asar.unpacked', 'out', 'main', 'a-child.js'),
    ])
  })
})
