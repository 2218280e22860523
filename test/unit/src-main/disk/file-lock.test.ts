import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tryLock, waitForLock } from '../../../../src-main/disk/file-lock.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

const folder = temporaryFolder()
const elsewhere = JSON.stringify({ pid: 1, start: '', host: 'another machine' })

describe('a lock for work of minutes', () => {
  it('is taken when its holder lets go, and not before', async () => {
    const path = join(folder, 'held')
    const first = await waitForLock(path)
    let waits = 0
    const second = await waitForLock(path, {
      retryMs: 1,
      onWait: () => {
        expect(tryLock(path)).toBeNull()
        if (++waits === 5) first.release()
      },
    })
    expect(waits).toBe(5)
    second.release()
    expect(existsSync(path)).toBe(false)
  })

  it('shows signs of life, also when nobody asks', async () => {
    const path = join(folder, 'signs')
    const lock = await waitForLock(path, { signMs: 5 })
    utimesSync(path, 1, 1)
    while (statSync(path).mtimeMs === 1000) await new Promise((resolve) => setTimeout(resolve, 5))
    lock.release()
    expect(existsSync(path)).toBe(false)
  })

  it('is taken from another machine that is silent, and left to one that is not', async () => {
    const path = join(folder, 'remote')
    writeFileSync(path, elsewhere)
    let waits = 0
    const lock = await waitForLock(path, {
      retryMs: 1,
      silenceMs: 30,
      onWait: () => {
        if (++waits <= 40) utimesSync(path, waits, waits)
      },
    })
    expect(waits).toBeGreaterThan(40)
    expect(readFileSync(path, 'utf8')).toContain(String(process.pid))
    lock.release()
  })

  it('is not taken away from whoever has it since', async () => {
    const path = join(folder, 'lost')
    const lock = await waitForLock(path)
    writeFileSync(path, elsewhere)
    lock.release()
    expect(readFileSync(path, 'utf8')).toBe(elsewhere)
  })

  it('is no longer waited for when the work is called off', async () => {
    const path = join(folder, 'off')
    writeFileSync(path, elsewhere)
    const stop = new AbortController()
    const onWait = (): void => stop.abort(new Error('not wanted'))
    await expect(waitForLock(path, { retryMs: 1, signal: stop.signal, onWait })).rejects.toThrow('not wanted')
  })
})
