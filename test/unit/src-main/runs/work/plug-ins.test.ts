import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { usePlugins } from '../../../../../src-shared/schema/plugin/own-parts.ts'
import { loadPlugins } from '../../../../../src-main/io/plugins/load-plugins.ts'
import { removePlugin, trustPlugin } from '../../../../../src-main/io/plugins/plugin-shelf.ts'
import { usePluginsOf } from '../../../../../src-main/runs/home/plugins.ts'
import { executeRun } from '../../../../../src-main/runs/work/execute-run.ts'
import { fakeEngine } from '../../../../support/fake-engine.ts'
import { labs } from '../../../../support/lab.ts'
import { MODEL, packageOf, trustedIn, writePlugin } from '../../../../support/plugin-folder.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const lab = labs()
const folder = temporaryFolder()
const CLASSIFIER = { ...MODEL, tasks: ['img_classification'] }

/** A home with a trusted plug-in, and runs that use it; each test has a part of its own, as a process keeps what it has imported. */
async function home(fn: string, code: string) {
  const here = lab()
  const stated = packageOf([{ ...CLASSIFIER, fn }])
  const { hash } = await trustedIn(here.home, writePlugin(join(folder, fn), stated, { 'index.js': code }))
  usePluginsOf(here.home)
  const parts = {
    ...fakeEngine,
    usePlugins: (used: Parameters<typeof loadPlugins>[1]) => loadPlugins(here.home, used),
  }
  const work = async (id: string) => {
    const given = { appVersion: 'test', news: () => undefined, asked: () => 'no' as const }
    const outcome = await executeRun({ store: here.store, id, parts, ...given })
    return { outcome, record: here.store.read(id) }
  }
  const own = (seed: number) => here.add(seed, { model: { fn } })
  return { ...here, hash, work, own }
}

afterAll(() => usePlugins([]))

describe('a run that uses a plug-in', () => {
  it('keeps its name, version and content, and says so in its environment', async () => {
    const { work, own, hash } = await home('lab/fine', "export const models = { 'lab/fine': () => null }")
    const { outcome, record } = await work(await own(1))
    const plugin = { name: 'lab-parts', version: '1.0.0', hash }
    expect(outcome).toBe('finished')
    expect(record['plugins']).toEqual({ 'lab/fine': plugin })
    expect(record.environment?.plugins).toEqual([plugin])
  })

  it('fails alone where the plug-in is faulty: the next run is as ever', async () => {
    const { work, own, add } = await home('lab/broken', 'throw new Error("it is broken")')
    const { outcome, record } = await work(await own(1))
    expect(outcome).toBe('failed')
    expect(record.problem).toMatchObject({
      code: 'engine-failed',
      message: 'plug-in lab-parts 1.0.0: its import failed: it is broken.',
    })
    const next = await work(await add(2))
    expect(next.outcome).toBe('finished')
    expect(next.record['plugins']).toBeUndefined()
    expect(next.record.environment?.plugins).toBeUndefined()
  })

  it('does not start without the content that it was queued with, and says what to do', async () => {
    const {
      home: at,
      work,
      own,
      hash,
    } = await home('lab/gone', "export const models = { 'lab/gone': () => null }")
    const id = await own(1)
    await removePlugin(at, hash)
    const { outcome, record } = await work(id)
    expect(outcome).toBe('failed')
    expect(record.problem).toMatchObject({
      code: 'file-missing',
      hint: expect.stringContaining('plugin add') as string,
    })
  })

  it('is another run with another content of the plug-in', async () => {
    const {
      home: at,
      own,
      store,
    } = await home('lab/changed', "export const models = { 'lab/changed': () => 1 }")
    const before = await own(1)
    expect(await own(1)).toBe(before)
    const changed = writePlugin(join(folder, 'changed'), packageOf([{ ...CLASSIFIER, fn: 'lab/changed' }]), {
      'index.js': "export const models = { 'lab/changed': () => 2 }",
    })
    const { hash } = await trustedIn(at, changed)
    usePluginsOf(at)
    const after = await own(1)
    expect(after).not.toBe(before)
    expect(store.read(after)['plugins']).toMatchObject({ 'lab/changed': { hash } })
    await trustPlugin(
      at,
      Object.values(store.read(before)['plugins'] as Record<string, { hash: string }>)[0]!.hash,
    )
    usePluginsOf(at)
    expect(await own(1)).toBe(before)
  })
})
