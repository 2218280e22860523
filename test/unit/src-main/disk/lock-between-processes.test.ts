import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockHolder, tryLock, withLock } from '../../../../src-main/disk/file-lock.ts'
import { ownIdentity } from '../../../../src-main/disk/process-identity.ts'
import { problemOf } from '../../../support/problem-of.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

const folder = temporaryFolder()
const at = (name: string): string => join(folder, name)
const module = join(import.meta.dirname, '../../../../src-main/disk/file-lock.ts')

/** A process of its own that runs this text with `tryLock` and `withLock` at hand. */
function another(text: string) {
  const source = `import { readFileSync, writeFileSync } from 'node:fs'
import { tryLock, withLock } from ${JSON.stringify(module)}
${text}`
  const options = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', source]
  return spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
}

describe('a lock between processes', () => {
  it('lets one in at a time: no count of four processes is lost', async () => {
    writeFileSync(at('count'), '0')
    const [lock, count] = [JSON.stringify(at('count.lock')), JSON.stringify(at('count'))]
    const children = Array.from({ length: 4 }, () =>
      another(`for (let i = 0; i < 25; i++)
  await withLock(${lock}, () => writeFileSync(${count}, String(Number(readFileSync(${count}, 'utf8')) + 1)), 120_000)`),
    )
    const ends = await Promise.all(children.map(async (child) => (await once(child, 'exit')) as [number]))
    expect(ends.map(([code]) => code)).toEqual([0, 0, 0, 0])
    expect(readFileSync(at('count'), 'utf8')).toBe('100')
    expect(existsSync(at('count.lock'))).toBe(false)
  })

  it('is held while its process lives and free once that was killed', async () => {
    const lock = at('killed.lock')
    const child = another(
      `tryLock(${JSON.stringify(lock)}); console.log('held'); setInterval(() => {}, 1000)`,
    )
    await once(child.stdout, 'data')
    expect(lockHolder(lock)?.pid).toBe(child.pid)
    expect(tryLock(lock)).toBeNull()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const mine = tryLock(lock)
    expect(mine).not.toBeNull()
    expect(lockHolder(lock)).toEqual(ownIdentity())
    mine!.release()
    expect(lockHolder(lock)).toBeNull()
  })

  it.skipIf(process.platform === 'win32')('is free where its number belongs to a later process', () => {
    const lock = at('reused.lock')
    writeFileSync(lock, JSON.stringify({ ...ownIdentity(), start: 'an earlier start' }))
    expect(tryLock(lock)).not.toBeNull()
  })

  it('of another machine is respected, and the refusal names the holder', async () => {
    const lock = at('elsewhere.lock')
    writeFileSync(lock, JSON.stringify({ pid: 1, start: '', host: `not ${hostname()}` }))
    expect(tryLock(lock)).toBeNull()
    expect(await problemOf(() => withLock(lock, () => undefined, 0))).toMatchObject({
      code: 'run-locked',
      path: lock,
      message: `it is held by process 1 on not ${hostname()}.`,
    })
    expect(existsSync(lock)).toBe(true)
  })

  it('is given back when the work fails', async () => {
    const lock = at('failed.lock')
    await expect(withLock(lock, () => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck')
    expect(existsSync(lock)).toBe(false)
  })
})
