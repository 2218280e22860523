import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { workerVariables } from '../../../../../../src-main/io/native/devices/worker-variables.ts'
import {
  askedVariables,
  childVariables,
  setVariables,
} from '../../../../../../src-main/io/native/library/engine-environment.ts'
import { searchPath } from '../../../../../../src-main/io/native/library/try-engine.ts'
import { openWorkspace } from '../../../../../../src-main/runs/home/workspace.ts'
import type { EngineSetting } from '../../../../../../src-shared/contract/engine-proof.ts'
import { A100, fakeSmi } from '../../../../../support/fake-smi.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

/** As a Python TensorFlow with CUDA wheels has them. */
const CUDA = [
  '/venv/lib/python3.11/site-packages/nvidia/cublas/lib',
  '/venv/lib/python3.11/site-packages/nvidia/cudnn/lib',
]
const FOUR = [
  ['GPU-a', 10_000],
  ['GPU-b', 80_000],
  ['GPU-c', 80_000],
  ['GPU-d', 200],
].map(([uuid, free]) => A100.replace('GPU-1', String(uuid)).replace('80000', String(free)))

/** A home whose set-up has found this. */
function homeWith(info: unknown): string {
  const home = temporaryFolder()
  mkdirSync(join(home, 'engine'))
  writeFileSync(join(home, 'engine', 'native.json'), typeof info === 'string' ? info : JSON.stringify(info))
  return home
}

beforeEach(() => {
  for (const name of [
    'CUDA_VISIBLE_DEVICES',
    'LD_LIBRARY_PATH',
    'NVIDIA_TF32_OVERRIDE',
    'TF_FORCE_GPU_ALLOW_GROWTH',
  ])
    vi.stubEnv(name, undefined)
})
afterEach(() => vi.unstubAllEnvs())

describe.skipIf(process.platform === 'win32')(
  'the environment of a worker (the tool is a shell script here)',
  () => {
    it('has the folders of CUDA with which the library was tried, and one card, the one with the most room', async () => {
      const home = homeWith({ gpu: true, libraryPath: CUDA })
      expect(await workerVariables(home, { smi: fakeSmi(FOUR) })).toEqual({
        ...searchPath(CUDA),
        CUDA_VISIBLE_DEVICES: 'GPU-b',
      })
    })

    it('leaves the choice of cards to whoever has made it, and to the library where no driver answers', async () => {
      const home = homeWith({ gpu: true, libraryPath: [] })
      expect(await workerVariables(home, { smi: '/nowhere/nvidia-smi', proc: '/nowhere' })).toEqual({})
      expect(await workerVariables(home, { smi: fakeSmi(['No devices were found']) })).toEqual({})
      vi.stubEnv('CUDA_VISIBLE_DEVICES', '3')
      expect(await workerVariables(home, { smi: fakeSmi(FOUR) })).toEqual({})
    })

    it('asks for no card where the library computes on the processor, and for nothing where there is none', async () => {
      const sources = { smi: fakeSmi(FOUR) }
      expect(await workerVariables(homeWith({ gpu: false, libraryPath: CUDA }), sources)).toEqual(
        searchPath(CUDA),
      )
      expect(await workerVariables(temporaryFolder(), sources)).toEqual({})
      expect(await workerVariables(homeWith('{"gpu": tr'), sources)).toEqual({})
    })

    it('is what the process gets that computes', async () => {
      const home = homeWith({ gpu: true, libraryPath: CUDA })
      const tools = temporaryFolder()
      fakeSmi(FOUR, { folder: tools })
      vi.stubEnv('PATH', `${tools}:${process.env['PATH']}`)
      const child = join(tools, 'child.mjs')
      writeFileSync(child, 'console.log(JSON.stringify({ answer: process.env }))\n')
      const unused = () => Promise.reject(new Error('not asked for here'))
      const workspace = openWorkspace({
        ...{ home, appVersion: '1', presets: home, folder: home, worker: { args: [child] } },
        ...{ describeData: unused, doctor: unused, setup: unused, setupPlan: unused, log: () => undefined },
      })
      const answer = z.record(z.string(), z.string())
      const seen = await workspace.ask({ job: 'time', folder: home, request: null, answer, doing: 'looking' })
      await workspace.close()
      expect(seen['NVIDIA_TF32_OVERRIDE']).toBe('0')
      expect(seen).toMatchObject({ LD_LIBRARY_PATH: CUDA.join(':'), CUDA_VISIBLE_DEVICES: 'GPU-b' })
    })
  },
)

describe('a process that loads the library', () => {
  const setting: EngineSetting = { env: {}, ownRoutes: [], bfloat16Sums: 'library' }

  it('takes memory of a card as it needs it, and computes float32 in float32', () => {
    expect(childVariables(setting, 2)).toMatchObject({
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      NVIDIA_TF32_OVERRIDE: '0',
    })
    setVariables(setting)
    expect(process.env).toMatchObject({ TF_FORCE_GPU_ALLOW_GROWTH: 'true', NVIDIA_TF32_OVERRIDE: '0' })
    // It was ours, not a person's wish: the proof of the engine is the same before and after.
    expect(askedVariables()).toEqual({})
  })

  it('proves each number format apart from what a person has set, and keeps that for runs to be judged by', () => {
    vi.stubEnv('COTRAIN_ENGINE_SET', undefined)
    vi.stubEnv('NVIDIA_TF32_OVERRIDE', '1')
    vi.stubEnv('TF_DETERMINISTIC_OPS', '1')
    const plain = childVariables(setting, 2)
    expect(plain).toMatchObject({ NVIDIA_TF32_OVERRIDE: '0' })
    expect(plain['TF_DETERMINISTIC_OPS']).toBeUndefined()
    expect(childVariables(setting, 2, { tf32: true, deterministic: true })).toMatchObject({
      NVIDIA_TF32_OVERRIDE: '1',
      TF_DETERMINISTIC_OPS: '1',
      TF_CUDNN_DETERMINISTIC: '1',
    })
    setVariables(setting)
    expect(process.env['NVIDIA_TF32_OVERRIDE']).toBe('1')
    expect(askedVariables()).toEqual({})
  })
})
