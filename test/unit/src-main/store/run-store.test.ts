import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { tryLock } from '../../../../src-main/disk/file-lock.ts'
import { ownIdentity, processStart } from '../../../../src-main/disk/process-identity.ts'
import type { RunStore } from '../../../../src-main/store/run-store.ts'
import { openRunStore } from '../../../../src-main/store/run-store.ts'
import { disk, labs } from '../../../support/lab.ts'
import { problemOf } from '../../../support/problem-of.ts'

const lab = labs()
/** The record of a run under another id. */
const record = (of: string, store: RunStore, id: string) => ({ ...store.read(of), id })

describe('the run store', () => {
  it('shows the same runs after its index was deleted, damaged or made by another version', async () => {
    const { store, add, home } = lab()
    for (const seed of [1, 2, 3]) await add(seed)
    const before = store.list()
    expect(before.total).toBe(3)
    store.close()
    const said: string[] = []
    const listed = () => {
      const again = openRunStore({ home, disk, log: (text) => said.push(text) })
      const list = again.list()
      again.close()
      return list
    }
    rmSync(join(home, 'index'), { recursive: true })
    expect(listed()).toEqual(before)
    expect(said).toEqual([])
    writeFileSync(store.layout.indexFile, 'this is not an index, it only has the name of one\n'.repeat(50))
    expect(listed()).toEqual(before)
    expect(said.splice(0).join()).toMatch(/built anew/)
    writeFileSync(store.layout.indexFile, '{"index":"runs","version":1}\n["",{}]')
    expect(listed()).toEqual(before)
    expect(said.join()).toMatch(/built anew/)
  })

  it('builds the index anew while it is open when somebody deletes it', async () => {
    const { store, add, home } = lab()
    await add(1)
    expect(store.list().total).toBe(1)
    rmSync(join(home, 'index'), { recursive: true })
    expect(store.list().total).toBe(1)
  })

  it('shows one unreadable run as a row with its reason, and all others', async () => {
    const { store, add } = lab()
    const bad = await add(1)
    await add(2)
    writeFileSync(store.files(bad).record, '{"format": 1, "id"')
    const { runs } = store.list()
    const row = runs.find(({ id }) => id === bad)
    expect(runs).toHaveLength(2)
    expect(row).toMatchObject({
      readable: false,
      problem: { code: 'file-invalid', path: store.files(bad).record },
    })
  })

  it('reads a run again that could not be read for a moment, though its file is as it was', async () => {
    const { store, home, add } = lab()
    const id = await add(1)
    const { record } = store.files(id)
    const { atime, mtime } = statSync(record)
    const whole = readFileSync(record)
    // In place, with the same size and time: what a failing disk does to a reader.
    writeFileSync(record, Buffer.alloc(whole.length, 0x20))
    utimesSync(record, atime, mtime)
    expect(store.list().runs[0]).toMatchObject({ readable: false })
    writeFileSync(record, whole)
    utimesSync(record, atime, mtime)
    expect(store.list().runs[0]).toMatchObject({ id, readable: true })
    expect(openRunStore({ home, disk }).list().runs[0]).toMatchObject({ id, readable: true })
  })

  it('refuses a record of a later version instead of guessing', async () => {
    const { store, add } = lab()
    const id = await add(1)
    const record = JSON.parse(readFileSync(store.files(id).record, 'utf8')) as object
    writeFileSync(store.files(id).record, JSON.stringify({ ...record, format: 99 }))
    expect(store.list().runs[0]?.problem?.message).toMatch(/later version \(format 99/)
  })

  it('finds runs by status and tag', async () => {
    const { store, add } = lab()
    const a = await add(1, { name: 'Baseline', tags: ['paper'] })
    await add(2, { name: 'Shuffled' })
    expect(store.list({ tag: 'paper' }).runs.map(({ id }) => id)).toEqual([a])
    expect(store.list({ tag: 'pap' }).total).toBe(0)
    expect(store.list({ status: ['finished'] }).total).toBe(0)
    expect(store.list({ limit: 1, offset: 1 })).toMatchObject({ total: 2, runs: { length: 1 } })
  })

  it('keeps notes beside the run and shows them at once', async () => {
    const { store, add } = lab()
    const id = await add(1)
    store.list()
    await store.annotate(id, { star: true, note: 'look again', name: 'the good one' })
    expect(store.list().runs[0]).toMatchObject({ star: true, note: 'look again', name: 'the good one' })
  })

  it('moves a removed run to the trash and brings it back', async () => {
    const { store, add } = lab()
    const id = await add(1)
    const before = store.read(id)
    store.remove(id)
    expect(store.list().total).toBe(0)
    store.restore(id)
    expect(store.read(id)).toEqual(before)
    expect(await problemOf(() => store.restore(id))).toMatchObject({ code: 'run-missing' })
  })

  it('brings back what was removed last, and never over a run that is there', async () => {
    const { store, add, home } = lab()
    const times = [9, 10] // by their letters the other way round
    const clocked = openRunStore({ home, disk, now: () => times.shift() ?? NaN })
    const id = await add(1)
    await store.annotate(id, { note: 'first' })
    clocked.remove(id)
    await store.create(record(await add(2), store, id))
    await store.annotate(id, { note: 'second' })
    clocked.remove(id)
    clocked.restore(id)
    expect(store.notes(id).note).toBe('second')
    expect(await problemOf(() => clocked.restore(id))).toMatchObject({ code: 'run-state', path: id })
    expect(store.notes(id).note).toBe('second')
  })

  it('makes no run over another, and leaves nothing of the attempt', async () => {
    const { store, add } = lab()
    const id = await add(1)
    const before = readdirSync(store.layout.runs)
    await expect(store.create({ ...store.read(id), name: 'another' })).rejects.toThrow()
    expect(store.read(id).name).toBe('seed 1')
    expect(readdirSync(store.layout.runs)).toEqual(before)
    expect(await problemOf(() => store.read('ffffffffff'))).toMatchObject({ code: 'run-missing' })
  })

  it('reads damaged notes as empty, and replaces them', async () => {
    const { store, add } = lab()
    const id = await add(1)
    writeFileSync(store.files(id).notes, '{"star": tr')
    expect(store.notes(id)).toMatchObject({ star: false, note: '' })
    expect((await store.annotate(id, { star: true })).star).toBe(true)
    await store.annotate(id, { note: 'kept' })
    expect(store.notes(id)).toMatchObject({ star: true, note: 'kept' })
  })

  it('lists the newest run first, and finds runs by how they ended', async () => {
    const { store, add } = lab()
    const ids = [await add(1), await add(2), await add(3)]
    for (const [i, id] of ids.entries())
      await store.write({ ...store.read(id), createdAt: [5, 9, 5][i] ?? 0, status: 'stopped' })
    const [a = '', b = '', c = ''] = ids
    expect(store.list().runs.map(({ id }) => id)).toEqual([b, ...[a, c].sort()])
    expect(store.list({ end: ['all-epochs'] }).total).toBe(0)
    expect(store.list({ status: ['stopped'], offset: 2 }).runs.map(({ id }) => id)).toEqual(
      [a, c].sort().slice(1),
    )
    rmSync(store.files(b).folder, { recursive: true })
    expect(store.list().total).toBe(2)
  })

  it('takes ids by their first letters, and nothing else as a folder name', async () => {
    const { store, add } = lab()
    const id = await add(1)
    expect(store.resolve(id.slice(0, 6))).toBe(id)
    expect(store.resolve(id.slice(0, 6).toUpperCase())).toBe(id)
    for (const end of ['1', '2']) mkdirSync(join(store.layout.runs, `eeeeeeeee${end}`))
    expect((await problemOf(() => store.resolve('eeee'))).message).toBe('2 runs begin with this.')
    expect(store.resolve('eeeeeeeee2')).toBe('eeeeeeeee2')
    expect((await problemOf(() => store.resolve(id.slice(0, 3)))).message).toBe('this is not a run id.')
    expect(store.resolve(id.toUpperCase())).toBe(id)
    for (const bad of ['../../etc', 'zz', '', 'ffffffff', 'f'.repeat(64)])
      expect((await problemOf(() => store.resolve(bad))).code).toBe('run-missing')
    expect((await problemOf(() => store.read('../../../etc/passwd'))).code).toBe('run-missing')
  })

  it('sees within half a minute what somebody changed in place, which the time of the folder does not show', async () => {
    const { store, add } = lab()
    const ids = [await add(1), await add(2)]
    const names = (): string[] => store.list().runs.map(({ name }) => name)
    const began = Date.now()
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      vi.setSystemTime(began + 5_000)
      expect(names()).toHaveLength(2)
      for (const id of ids) {
        const { record } = store.files(id)
        writeFileSync(record, readFileSync(record, 'utf8').replace(/"name": "seed \d"/, '"name": "changed"'))
      }
      vi.setSystemTime(began + 36_000)
      expect(names()).toEqual(['changed', 'changed'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('spreads that look over the listings after a pause where there are many runs, and leaves none out', async () => {
    const { store, add } = lab()
    const id = await add(1)
    const text = readFileSync(store.files(id).record, 'utf8')
    const ids = Array.from({ length: 400 }, (_, i) => createHash('sha256').update(`${i}`).digest('hex'))
    for (const other of ids) {
      mkdirSync(store.files(other).folder)
      writeFileSync(store.files(other).record, text.replace(id, other))
    }
    const began = Date.now()
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const changed = (seconds: number): number => {
        vi.setSystemTime(began + seconds * 1000)
        return store.list().runs.filter(({ name }) => name === 'changed').length
      }
      expect(changed(5)).toBe(0)
      for (const other of ids)
        writeFileSync(
          store.files(other).record,
          text.replace(id, other).replace(/"name": "seed \d"/, '"name": "changed"'),
        )
      const seen = [40, 75, 110, 145, 180].map(changed)
      expect(seen[0]).toBeGreaterThan(0)
      expect(seen[0]).toBeLessThan(ids.length / 2)
      expect(seen.at(-1)).toBe(ids.length)
    } finally {
      vi.useRealTimers()
    }
  })

  it('lists a thousand runs again without reading them again', async () => {
    const { store, add } = lab()
    const id = await add(1)
    const { folder } = store.files(id)
    for (let i = 0; i < 1000; i++) {
      const other = i.toString(16).padStart(64, '0')
      mkdirSync(join(folder, '..', other))
      const text = readFileSync(join(folder, 'run.json'), 'utf8').replace(id, other)
      writeFileSync(join(folder, '..', other, 'run.json'), text)
    }
    const { record } = store.files(id)
    utimesSync(record, 1e9, 1e9)
    expect(store.list().total).toBe(1001)
    // Same size, time and file: only somebody who reads it again would notice.
    writeFileSync(record, ' '.repeat(statSync(record).size))
    utimesSync(record, 1e9, 1e9)
    const { total, runs } = store.list()
    expect([total, runs.filter(({ readable }) => readable).length]).toEqual([1001, 1001])
  })
})

describe('a run whose process is gone', () => {
  const working = async () => {
    const made = lab()
    const id = await made.add(1)
    await made.store.write({
      ...made.store.read(id),
      status: 'running',
      segment: 1,
      startedAt: 5,
      step: 40,
      epoch: 2,
    })
    return { ...made, id, lock: made.store.files(id).lock }
  }

  it('shows as interrupted without a lock, with the lock of a dead process, and of a later one with its number', async () => {
    const { store, id, lock } = await working()
    expect(store.summary(id).status).toBe('interrupted')
    const child = spawn(process.execPath, ['-e', ''])
    await new Promise((resolve) => child.once('exit', resolve))
    writeFileSync(lock, JSON.stringify({ pid: child.pid, start: 'x', host: hostname() }))
    expect(store.summary(id).status).toBe('interrupted')
    writeFileSync(lock, JSON.stringify({ pid: process.pid, start: 'another start', host: hostname() }))
    expect(store.summary(id).status).toBe('interrupted')
    expect(store.summary(id).problem?.hint).toMatch(/cotrain resume/)
  })

  it('shows as running while that very process lives, and as stopping once it was told to', async () => {
    const { store, id, lock } = await working()
    writeFileSync(lock, JSON.stringify(ownIdentity()))
    expect(store.summary(id).status).toBe('running')
    writeFileSync(store.files(id).stop, JSON.stringify({ when: 'now', at: 1 }))
    expect(store.summary(id).status).toBe('stopping')
  })

  it('on another machine counts as dead after two silent minutes', async () => {
    const { store, id, lock } = await working()
    writeFileSync(lock, JSON.stringify({ pid: 1, start: '', host: 'elsewhere.example' }))
    expect(store.summary(id).status).toBe('running')
    const long = Date.now() / 1000 - 300
    utimesSync(lock, long, long)
    expect(store.summary(id).status).toBe('interrupted')
  })

  it('appears in the list as soon as it is gone', async () => {
    const { store, id, lock } = await working()
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
    const pid = child.pid as number
    writeFileSync(lock, JSON.stringify({ pid, start: processStart(pid), host: hostname() }))
    expect(store.list().runs[0]?.status).toBe('running')
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    expect(store.list().runs[0]?.status).toBe('interrupted')
    expect(statSync(store.files(id).lock).size).toBeGreaterThan(0)
  })
})

describe('a lock', () => {
  it('is held by one, and broken when its holder died', () => {
    const { home } = lab()
    const path = join(home, 'some.lock')
    const held = tryLock(path)
    expect(tryLock(path)).toBeNull()
    held?.release()
    copyFileSync(import.meta.filename, path)
    writeFileSync(path, JSON.stringify({ pid: 2 ** 22 - 1, start: 'x', host: hostname() }))
    expect(tryLock(path)).not.toBeNull()
  })
})
