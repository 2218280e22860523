import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRun } from '../../../../../src-main/runs/create/create-run.ts'
import { openRunStore } from '../../../../../src-main/store/run-store.ts'
import { disk, labs, smallConfig } from '../../../../support/lab.ts'
import { problemOf } from '../../../../support/problem-of.ts'

const lab = labs()

describe('creating a run', () => {
  it('gives a finished identical run instead of another, unless forced', async () => {
    const { store, create } = lab()
    const first = await createRun(create, smallConfig(1))
    await store.write({ ...store.read(first.id), status: 'finished' })
    expect(await createRun(create, smallConfig(1, { name: 'again' }))).toEqual({
      id: first.id,
      created: false,
      status: 'finished',
    })
    const forced = await createRun(create, smallConfig(1), { force: true })
    expect(forced).toMatchObject({ created: true, status: 'queued' })
    expect(store.read(forced.id).identity).toEqual({ ...store.read(first.id).identity, repetition: 1 })
  })

  it('queues a failed identical run again under its id', async () => {
    const { store, queue, create } = lab()
    const { id } = await createRun(create, smallConfig(1))
    await queue.remove(id)
    await store.write({ ...store.read(id), status: 'failed' })
    expect(await createRun(create, smallConfig(1))).toEqual({ id, created: false, status: 'queued' })
    expect(queue.read().waiting.map((e) => e.id)).toEqual([id])
  })

  it('leaves nothing behind when the data are missing', async () => {
    const { store, create } = lab()
    const problem = { code: 'data-missing', path: 'dataset.config.path', message: 'no such folder.' } as const
    const describeData = () =>
      Promise.resolve({ fingerprint: '', items: [], shapes: null, problems: [problem] })
    expect(await problemOf(() => createRun({ ...create, describeData }, smallConfig(1)))).toEqual(problem)
    expect(readdirSync(store.layout.runs)).toEqual([])
  })

  it('leaves nothing behind when the disk is full', async () => {
    const { store, queue, create, home } = lab()
    const full = () => Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }))
    const broken = openRunStore({ home, disk: { ...disk, writeFile: full } })
    await expect(createRun({ ...create, store: broken }, smallConfig(1))).rejects.toThrow('ENOSPC')
    expect(readdirSync(store.layout.runs)).toEqual([])
    expect(queue.read().waiting).toEqual([])
  })

  it('names a parent that is not finished, and a weights file that is not there', async () => {
    const { create, add, home } = lab()
    const parent = await add(1)
    const start = { use: 'weights', strict: false, run: null, file: null }
    const withParent = smallConfig(2, { parent: { ...start, run: parent.slice(0, 8) } })
    expect(await problemOf(() => createRun(create, withParent))).toMatchObject({
      code: 'run-state',
      path: 'parent.run',
    })
    const file = join(home, 'nothing.safetensors')
    const withFile = smallConfig(2, { parent: { ...start, file } })
    expect(await problemOf(() => createRun(create, withFile))).toMatchObject({
      code: 'file-missing',
      path: file,
    })
  })

  it('knows a weights file by its content', async () => {
    const { create, home } = lab()
    const id = async (name: string, text: string): Promise<string> => {
      const file = join(home, name)
      writeFileSync(file, text)
      const parent = { use: 'weights', strict: false, run: null, file }
      return (await createRun(create, smallConfig(2, { parent }))).id
    }
    expect(await id('a.safetensors', 'one')).toBe(await id('b.safetensors', 'one'))
    expect(await id('a.safetensors', 'two')).not.toBe(await id('b.safetensors', 'one'))
  })
})
