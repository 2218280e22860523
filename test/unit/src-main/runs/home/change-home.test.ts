import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { prepareHome } from '../../../../../src-main/runs/home/change-home.ts'
import { tryLock } from '../../../../../src-main/disk/file-lock.ts'
import { labs } from '../../../../support/lab.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const newLab = labs()
const root = temporaryFolder()

describe('another storage folder', () => {
  it('gets a copy of runs and settings, and the old one stays as it is', async () => {
    const { home, store, add } = newLab()
    const id = await add(1)
    mkdirSync(join(home, 'engine'), { recursive: true })
    writeFileSync(join(home, 'engine', 'native.json'), '{}')
    const next = join(root, 'new', 'home')
    expect(await prepareHome(store, next, 'copy')).toBe(next)
    const record = join('runs', id, 'run.json')
    expect(readFileSync(join(next, record))).toEqual(readFileSync(join(home, record)))
    expect(existsSync(join(home, record))).toBe(true)
    expect(existsSync(join(next, 'queue.json'))).toBe(true)
    for (const left of ['engine', 'index', 'queue.json.lock'])
      expect(existsSync(join(next, left)), left).toBe(false)
  })

  it('is empty for a new start, or a home that is there already', async () => {
    const { store, home } = newLab()
    const next = join(root, 'empty')
    expect(await prepareHome(store, next, 'new')).toBe(next)
    expect(existsSync(join(next, 'runs'))).toBe(false)
    mkdirSync(join(next, 'runs'))
    expect(await prepareHome(store, next, 'new')).toBe(next)
    await expect(prepareHome(store, next, 'copy')).rejects.toMatchObject({ code: 'not-allowed' })
    expect(existsSync(home)).toBe(true)
  })

  it('is refused when it is full, inside the old one, or not a full path', async () => {
    const { store, home } = newLab()
    const full = join(root, 'full')
    mkdirSync(full)
    writeFileSync(join(full, 'thesis.tex'), '')
    for (const path of [full, home, join(home, 'runs'), 'somewhere'])
      for (const how of ['copy', 'new'] as const)
        await expect(prepareHome(store, path, how), path).rejects.toMatchObject({
          code: 'not-allowed',
          problems: [{ hint: expect.stringMatching(/./) }],
        })
  })

  it('is refused while a run works', async () => {
    const { store, add } = newLab()
    const id = await add(1)
    await store.write({ ...store.read(id), status: 'running' })
    const lock = tryLock(store.files(id).lock)
    await expect(prepareHome(store, join(root, 'x'), 'copy')).rejects.toThrow(/is running/)
    lock?.release()
    expect(existsSync(join(root, 'x'))).toBe(false)
  })
})
