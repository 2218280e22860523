import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { EngineProof } from '../../../../../../src-shared/contract/engine-proof.ts'
import { CotrainError } from '../../../../../../src-shared/contract/errors.ts'
import { engineInUse } from '../../../../../../src-main/io/native/engine-in-use.ts'
import { AS_IT_COMES } from '../../../../../../src-main/io/native/proof/prove-engine.ts'
import type { WebgpuTrying } from '../../../../../../src-main/io/native/webgpu/try-webgpu.ts'
import { tryWebgpu } from '../../../../../../src-main/io/native/webgpu/try-webgpu.ts'
import { StoppedLate } from '../../../../../../src-main/process/child.ts'
import { engineHome } from '../../../../../support/engine-home.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const RADEON = { name: 'Radeon 780M (RADV 24.1)', isSoftware: false, maxBufferBytes: 2 ** 31 }
const PROGRAM = { name: 'SwiftShader driver 5.0.0', isSoftware: true, maxBufferBytes: 2 ** 27 }

const proof = (usable: boolean): EngineProof => ({
  key: { library: '', processor: '', driver: RADEON.name, threads: 1, asked: {}, cases: '' },
  ...{ checked: 3, right: usable ? 3 : 2, repeatable: true, usable, setting: AS_IT_COMES, off: [] },
  faults: usable
    ? []
    : [{ operation: 'Conv2D', dtype: 'float32', shape: 'x [2]', kind: 'wrong', error: 1, detail: '' }],
  ...{ tried: [], ms: 1, at: 1 },
})

/** A machine with this adapter, of which a step takes so long with each engine; what is asked of it is noted. */
function machine(
  home: string,
  adapter = RADEON,
  ms: { webgpu: number | null; processor: number } | Error = { webgpu: 20, processor: 90 },
) {
  const asked: string[] = []
  const options: Omit<WebgpuTrying, 'wish' | 'isAsked'> = {
    folder: join(home, 'engine'),
    look: () => {
      asked.push('look')
      return Promise.resolve(adapter)
    },
    prove: () => {
      asked.push('prove')
      return Promise.resolve(proof(true))
    },
    timeStep: (engine) => {
      asked.push(engine)
      return ms instanceof Error ? Promise.reject(ms) : Promise.resolve(ms[engine])
    },
  }
  return {
    asked,
    attempt: (given: Partial<WebgpuTrying> = {}) =>
      tryWebgpu({ ...options, wish: null, isAsked: false, ...given }),
  }
}

const inUse = async (home: string, asked = 'auto') => (await engineInUse({ home, asked })).name

afterEach(() => vi.useRealTimers())

describe('the trial of WebGPU', () => {
  it('makes it the engine in use where a step is right and faster, and is made once', async () => {
    const home = engineHome(false)
    const { asked, attempt } = machine(home)
    expect(await inUse(home)).toBe('native')
    const record = await attempt()
    expect(record?.decision).toEqual({
      isDefault: true,
      why: 'WebGPU computes on Radeon 780M (RADV 24.1): a step takes 20 ms, 90 ms on the processor',
    })
    expect(asked).toEqual(['look', 'prove', 'processor', 'webgpu'])
    expect(await attempt()).toEqual(record)
    expect(asked).toHaveLength(4)
    expect(await engineInUse({ home, asked: '' })).toMatchObject({
      name: 'webgpu',
      gpu: true,
      why: record?.decision.why,
    })
    for (const name of ['native', 'wasm', 'cpu']) expect(await inUse(home, name)).toBe(name)
  })

  it('leaves the processor its work where a step is slower, unless a card is asked for', async () => {
    const home = engineHome(false)
    const { attempt } = machine(home, RADEON, { webgpu: 95, processor: 90 })
    expect((await attempt())?.decision.why).toMatch(
      /^WebGPU is not used: a step takes 95 ms, 90 ms on the processor/,
    )
    expect(await inUse(home)).toBe('native')
    expect(await inUse(home, 'gpu')).toBe('webgpu')
    expect((await attempt({ wish: 'gpu' }))?.decision.isDefault).toBe(true)
    expect(await inUse(home)).toBe('webgpu')
    expect((await attempt({ wish: 'cpu' }))?.decision.isDefault).toBe(false)
    expect(await inUse(home)).toBe('native')
  })

  it('yields to a library that computes on its card, unless a person has asked for WebGPU', async () => {
    const home = engineHome(true)
    const { attempt } = machine(home)
    await attempt()
    expect(await inUse(home)).toBe('native')
    await attempt({ wish: 'webgpu', isAsked: true })
    expect(await inUse(home)).toBe('webgpu')
    expect(await inUse(home, 'gpu')).toBe('native')
  })

  it('names a driver that is a program, and tries it only where it is asked for', async () => {
    const home = temporaryFolder()
    const { asked, attempt } = machine(home, PROGRAM, { webgpu: null, processor: 90 })
    expect((await attempt())?.decision.why).toContain('(SwiftShader driver 5.0.0)')
    expect(asked).toEqual(['look'])
    const again = await attempt({ isAsked: true })
    expect(asked).toEqual(['look', 'look', 'prove', 'processor', 'webgpu'])
    expect(again?.decision.why).toContain('too long to be timed, 90 ms on the processor')
    expect(await inUse(home)).toBe('wasm')
    await attempt({ wish: 'webgpu', isAsked: true })
    expect(await engineInUse({ home, asked: '' })).toMatchObject({ name: 'webgpu', gpu: false })
  })

  it('is not believed where an operation is wrong or a step fails; beside a run nothing is recorded', async () => {
    const home = temporaryFolder()
    const wrong = machine(home)
    const record = await wrong.attempt({ prove: () => Promise.resolve(proof(false)) })
    expect(record?.decision.why).toMatch(/does not compute right on Radeon.*Conv2D at x \[2\]/)
    expect(wrong.asked).toEqual(['look'])
    const failing = await machine(home, RADEON, new Error('lost')).attempt({ isAsked: true, wish: 'gpu' })
    expect(failing).toMatchObject({
      trial: { problem: 'a step failed: lost' },
      decision: { isDefault: false },
    })
    const other = temporaryFolder()
    const busy = new CotrainError({ code: 'run-state', message: 'a run is training.' })
    await expect(machine(other, RADEON, busy).attempt()).rejects.toBe(busy)
    expect((await engineInUse({ home: other, asked: '' })).webgpu).toBeNull()
  })

  it('says why there is no adapter, and nothing where another engine is wanted', async () => {
    const home = temporaryFolder()
    const { asked, attempt } = machine(home)
    expect(await attempt({ usual: 'cpu' })).toBeNull()
    expect(asked).toEqual([])
    const none = await attempt({ look: () => Promise.reject(new Error('no driver')) })
    expect(none).toMatchObject({
      adapter: null,
      decision: { isDefault: false, why: 'WebGPU is not used: no driver' },
    })
    await attempt()
    expect(asked).toEqual([])
  })

  it('is looked for again after a look that came to no end', async () => {
    const { asked, attempt } = machine(temporaryFolder())
    const late = await attempt({ look: () => Promise.reject(new StoppedLate('stopped')) })
    expect(late).toMatchObject({ adapter: null, decision: { isDefault: false } })
    expect((await attempt())?.decision.isDefault).toBe(true)
    expect(asked[0]).toBe('look')
  })

  it('holds for its adapter and driver, Dawn and cases alone', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const home = temporaryFolder()
    const { asked, attempt } = machine(home)
    await attempt()
    vi.advanceTimersByTime(25 * 3600_000)
    await attempt()
    expect(asked.slice(4)).toEqual(['look'])
    const newer = machine(home, { ...RADEON, name: 'Radeon 780M (RADV 25.0)' })
    vi.advanceTimersByTime(25 * 3600_000)
    expect((await newer.attempt())?.trial?.adapter).toBe('Radeon 780M (RADV 25.0)')
    expect(newer.asked).toHaveLength(4)
    const path = join(home, 'engine', 'webgpu.json')
    const text = readFileSync(path, 'utf8')
    for (const change of [
      text.replace(/Dawn [\d.]+/, 'Dawn 0.0.1'),
      text.replace(/"cases": "[^"]+"/, '"cases": "other"'),
      text.slice(0, 40),
    ]) {
      expect(change).not.toBe(text)
      writeFileSync(path, change)
      expect(await engineInUse({ home, asked: '' })).toMatchObject({ name: 'wasm', webgpu: null })
    }
  })
})
