import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { addRuns } from '../../../../../src-main/runs/shelf/add-runs.ts'
import { deleteForever, trashedRuns } from '../../../../../src-main/runs/shelf/run-trash.ts'
import { labs } from '../../../../support/lab.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const lab = labs()
const folder = temporaryFolder()

describe('adding runs of another machine', () => {
  it('takes the runs of a home, names damaged ones, and leaves the originals', async () => {
    const [there, here] = [lab(), lab()]
    const [a, b] = [await there.add(1), await there.add(2)]
    for (const id of [a, b]) await there.store.write({ ...there.store.read(id), status: 'finished' })
    const bad = 'c'.repeat(64)
    mkdirSync(there.store.files(bad).folder)
    writeFileSync(there.store.files(bad).record, '{')
    const answer = await addRuns(here.store, there.store.layout.home, '/')
    expect([...answer.added].sort()).toEqual([a, b].sort())
    expect(answer.problems).toHaveLength(1)
    expect(here.store.summary(a)).toMatchObject({ status: 'finished', seed: 1 })
    expect(readFileSync(here.store.files(a).record)).toEqual(readFileSync(there.store.files(a).record))
    expect(there.store.exists(a)).toBe(true)
    expect(await addRuns(here.store, there.store.files(a).folder, '/')).toMatchObject({
      added: [],
      known: [a],
    })
  })

  it('takes a run whose folder was renamed, without the lock of its worker', async () => {
    const [there, here] = [lab(), lab()]
    const id = await there.add(1)
    const copy = join(folder, 'my run')
    cpSync(there.store.files(id).folder, copy, { recursive: true })
    writeFileSync(join(copy, 'lock'), '{}')
    expect(await addRuns(here.store, 'my run', folder)).toMatchObject({ added: [id] })
    expect(existsSync(here.store.files(id).lock)).toBe(false)
  })

  it('does not let a run that waited elsewhere begin by itself', async () => {
    const [there, here] = [lab(), lab()]
    const id = await there.add(1)
    expect(there.store.read(id).status).toBe('queued')
    await addRuns(here.store, there.store.files(id).folder, '/')
    expect(here.store.read(id).status).toBe('stopped')
  })

  it('refuses a path without runs', async () => {
    const here = lab()
    mkdirSync(join(folder, 'empty'))
    await expect(addRuns(here.store, join(folder, 'empty'), '/')).rejects.toThrow('holds no run')
    await expect(addRuns(here.store, join(folder, 'nowhere'), '/')).rejects.toThrow('no such folder')
  })
})

describe('the trash', () => {
  it('lists removed runs with their sizes and deletes only what is asked for', async () => {
    const { store, add } = lab()
    const [a, b] = [await add(1), await add(2)]
    store.remove(a)
    store.remove(b)
    expect(trashedRuns(store)).toMatchObject([{ seed: expect.any(Number) }, { bytes: expect.any(Number) }])
    expect(trashedRuns(store).every((r) => r.bytes > 100)).toBe(true)
    expect(() => deleteForever(store, [a, 'f'.repeat(64)])).toThrow('not in the trash')
    expect(trashedRuns(store)).toHaveLength(2)
    deleteForever(store, [a])
    expect(trashedRuns(store).map((r) => r.id)).toEqual([b])
    store.restore(b)
    expect(trashedRuns(store)).toEqual([])
  })
})
