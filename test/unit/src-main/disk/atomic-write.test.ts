import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { replaceFile, writeFileAtomic } from '../../../../src-main/disk/atomic-write.ts'
import { readJson } from '../../../../src-main/disk/read-json.ts'
import { checkWritable } from '../../../../src-main/disk/writable.ts'
import { mayMount, mount, unmount } from '../../../support/mounts.ts'
import { problemOf } from '../../../support/problem-of.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

const folder = temporaryFolder()
const place = (name: string): string => {
  const path = join(folder, name)
  mkdirSync(path)
  return path
}
const module = join(import.meta.dirname, '../../../../src-main/disk/atomic-write.ts')

describe('a file put in place in one step', () => {
  it('is the old one, with nothing left beside it, when writing fails', async () => {
    const home = place('fails')
    const file = join(home, 'run.json')
    await writeFileAtomic(
      file,
      ['o', 'l', 'd'].map((letter) => Buffer.from(letter)),
    )
    const filled = replaceFile(file, (temporary) => {
      writeFileSync(temporary, 'half')
      throw new Error('no luck')
    })
    await expect(filled).rejects.toThrow('no luck')
    expect([readFileSync(file, 'utf8'), readdirSync(home)]).toEqual(['old', ['run.json']])
  })

  it.skipIf(process.platform === 'win32')(
    'is the old one when the process is killed in between',
    async () => {
      const home = place('killed')
      const file = join(home, 'run.json')
      await writeFileAtomic(file, 'old')
      const source = `import { writeFileSync } from 'node:fs'
import { replaceFile } from ${JSON.stringify(module)}
await replaceFile(${JSON.stringify(file)}, (temporary) => {
  writeFileSync(temporary, 'half')
  process.kill(process.pid, 'SIGKILL')
})`
      const options = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', source]
      expect(spawnSync(process.execPath, options).signal).toBe('SIGKILL')
      expect(readFileSync(file, 'utf8')).toBe('old')
      await writeFileAtomic(file, 'new')
      expect(readFileSync(file, 'utf8')).toBe('new')
    },
  )

  it('names a folder that does not exist', async () => {
    const file = join(folder, 'nowhere', 'run.json')
    expect(await problemOf(() => writeFileAtomic(file, 'x'))).toMatchObject({
      code: 'file-missing',
      path: file,
    })
  })
})

const mayFill = mayMount()
describe.skipIf(!mayFill)('a full disk (needs the right to mount)', () => {
  const full = join(folder, 'full')
  beforeAll(() => {
    mkdirSync(full)
    mount('-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', full)
  })
  afterAll(() => unmount(full))

  it('leaves the old file, removes the half one and says so', async () => {
    const file = join(full, 'run.json')
    await writeFileAtomic(file, 'old')
    const problem = await problemOf(() => writeFileAtomic(file, new Uint8Array(2 ** 20)))
    expect(problem).toMatchObject({ code: 'disk-full', path: file, message: 'the disk is full.' })
    expect([readFileSync(file, 'utf8'), readdirSync(full)]).toEqual(['old', ['run.json']])
  })

  it('is noticed before anything is changed', async () => {
    const before = readdirSync(full)
    expect(await problemOf(() => checkWritable(full))).toMatchObject({ code: 'disk-full', path: full })
    expect(readdirSync(full)).toEqual(before)
  })
})

describe('a folder that can be written', () => {
  it('is left as it was by the check', () => {
    const home = place('writable')
    checkWritable(home)
    expect(readdirSync(home)).toEqual([])
  })

  it('is not one that is missing', async () => {
    const missing = join(folder, 'missing')
    expect(await problemOf(() => checkWritable(missing))).toMatchObject({
      path: missing,
      message: 'the folder cannot be written (ENOENT).',
    })
  })
})

describe('a JSON file', () => {
  const schema = z.object({ runs: z.array(z.string()) })
  it('is null where there is none, and what it holds where it fits', () => {
    const file = join(place('json'), 'a.json')
    expect(readJson(file, schema)).toBeNull()
    writeFileSync(file, '{"runs": ["a"]}')
    expect(readJson(file, schema)).toEqual({ runs: ['a'] })
  })

  it.each([
    ['{"runs": ["a"', 'it is not JSON.'],
    ['', 'it is not JSON.'],
    ['{"runs": ["a", 5]}', /^runs\.1: /],
  ])('of %j is refused with its path and the field', async (text, message) => {
    const file = join(folder, 'damaged.json')
    writeFileSync(file, text)
    const problem = await problemOf(() => readJson(file, schema))
    expect(problem).toMatchObject({ code: 'file-invalid', path: file })
    expect(problem.message).toMatch(message)
  })
})
