import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { requeueRun, stopRun } from '../../../../src-main/runs/supervise.ts'
import { openRunStore } from '../../../../src-main/store/run-store.ts'
import { disk, labs, openLab } from '../../../support/lab.ts'
import { problemOf } from '../../../support/problem-of.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

/** Mounts; says whether this process may. */
function mount(...args: string[]): boolean {
  try {
    execFileSync('mount', args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
/** Also while a database is still open there. */
const unmount = (place: string): void => void execFileSync('umount', ['-l', place], { stdio: 'ignore' })

const root = temporaryFolder()
/** Needs Linux and the right to mount, which containers and people without root lack. */
function mayMount(): boolean {
  const place = join(root, 'probe')
  mkdirSync(place)
  const may = process.platform === 'linux' && mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place)
  if (may) unmount(place)
  return may
}
const canMount = mayMount()

describe.skipIf(!canMount)('a home that cannot be written (needs the right to mount)', () => {
  const lab = labs()

  it('is listed and shown when it is read-only, and says so once', async () => {
    const { store, add, home } = lab()
    const id = await add(1)
    store.close()
    expect(mount('--bind', home, home)).toBe(true)
    onTestFinished(() => unmount(home))
    execFileSync('mount', ['-o', 'remount,bind,ro', home])
    const said: string[] = []
    const reader = openRunStore({ home, disk, log: (text) => said.push(text) })
    expect(reader.list().runs.map((run) => run.id)).toEqual([id])
    expect(reader.list().total).toBe(1)
    expect(reader.summary(id).status).toBe('queued')
    expect(said.filter((text) => text.includes('cannot be written')).length).toBe(1)
    expect(await problemOf(() => reader.checkWritable())).toMatchObject({ code: 'disk-full', path: home })
    reader.close()
  })

  it('leaves a run as it was when the disk is full', async () => {
    const home = join(root, 'full')
    mkdirSync(home)
    expect(mount('-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', home)).toBe(true)
    onTestFinished(() => unmount(home))
    const { store, queue, add } = openLab(home)
    const id = await add(1)
    await stopRun(store, queue, id, 'now')
    store.close()
    try {
      writeFileSync(join(home, 'filler'), Buffer.alloc(4 << 20))
    } catch {
      // Full is what it has to be.
    }
    const again = openLab(home)
    expect(again.store.list().runs.map(({ status }) => status)).toEqual(['stopped'])
    expect(await problemOf(() => requeueRun(again.store, again.queue, id, 'resume'))).toMatchObject({
      code: 'disk-full',
      path: home,
    })
    expect(again.store.read(id).status).toBe('stopped')
    expect(existsSync(join(home, 'queue.json.lock'))).toBe(false)
    again.store.close()
  })
})
