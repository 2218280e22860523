import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { workerVariables } from '../../../../../../src-main/io/native/devices/worker-variables.ts'
import {
  askedVariables,
  childVariables,
  setVariables,
} from '../../../../../../src-main/io/native/library/engine-environment.ts'
import {
  computeVariables,
  searchPath,
  tryEngine,
} from '../../../../../../src-main/io/native/library/try-engine.ts'
import { runProof } from '../../../../../../src-main/io/native/proof/run-proof.ts'
import { createRun } from '../../../../../../src-main/runs/create/create-run.ts'
import { openWorkspace } from '../../../../../../src-main/runs/home/workspace.ts'
import type { EngineSetting } from '../../../../../../src-shared/contract/engine-proof.ts'
import { fakeDescription } from '../../../../../support/fake-engine.ts'
import { intactRecord } from '../../../../../support/engine-home.ts'
import { cards, fakeSmi } from '../../../../../support/fake-smi.ts'
import { smallConfig, until } from '../../../../../support/lab.ts'
import { resolvedTrainer } from '../../../../../support/small-training.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

/** As a Python TensorFlow with CUDA wheels has them. */
const CUDA = [
  '/venv/lib/python3.11/site-packages/nvidia/cublas/lib',
  '/venv/lib/python3.11/site-packages/nvidia/cudnn/lib',
]
/** Those of a process that decide where and with what it computes. */
const NAMES = [
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'CUDA_VISIBLE_DEVICES',
  'TF_FORCE_GPU_ALLOW_GROWTH',
  'NVIDIA_TF32_OVERRIDE',
]

/** A home whose set-up has found this. */
function homeWith(info: unknown): string {
  const home = temporaryFolder()
  mkdirSync(join(home, 'engine'))
  writeFileSync(join(home, 'engine', 'native.json'), typeof info === 'string' ? info : JSON.stringify(info))
  return home
}

beforeEach(() => {
  for (const name of [...NAMES, 'COTRAIN_ENGINE']) vi.stubEnv(name, undefined)
})
afterEach(() => vi.unstubAllEnvs())

describe('the environment of a worker', () => {
  it('has the folders of CUDA with which the library was tried, memory by parts, and one card', () => {
    const home = homeWith({ gpu: true, libraryPath: CUDA })
    expect(workerVariables(home, 'GPU-b')).toEqual({
      ...searchPath(CUDA),
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      CUDA_VISIBLE_DEVICES: 'GPU-b',
    })
  })

  it('leaves the cards to the library where none was chosen, and memory to whoever has set it', () => {
    vi.stubEnv('TF_FORCE_GPU_ALLOW_GROWTH', 'false')
    const home = homeWith({ gpu: true, libraryPath: [] })
    expect(workerVariables(home, null)).toEqual({ TF_FORCE_GPU_ALLOW_GROWTH: 'false' })
  })

  it('names no card where the library computes on the processor, and nothing where there is none', () => {
    const onProcessor = homeWith({ gpu: false, libraryPath: CUDA })
    expect(workerVariables(onProcessor, 'GPU-b')).not.toHaveProperty('CUDA_VISIBLE_DEVICES')
    expect(workerVariables(temporaryFolder(), 'GPU-b')).toEqual({})
    expect(workerVariables(homeWith('{"gpu": tr'), 'GPU-b')).toEqual({})
  })
})

describe.skipIf(process.platform === 'win32')(
  'every process that computes (the tool is a shell script)',
  () => {
    /** What a child of this name was given. */
    const givenTo = (folder: string, name: string): Record<string, string | undefined> => {
      const env = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
      return Object.fromEntries(NAMES.map((variable) => [variable, env[variable]]))
    }

    it('is given what the engine was tried with, and the card with the most room', async () => {
      const home = homeWith({ ...intactRecord(), gpu: true, libraryPath: CUDA })
      const folder = temporaryFolder()
      const lines = cards(4).map((line) =>
        line.replace('80000', line.startsWith('GPU-c') ? '70000' : '10000'),
      )
      fakeSmi(lines, { folder })
      vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
      // Stands in for the worker, and for the binding that the probe and the proof load: tells what it was given, and ends.
      const tell = (name: string) => `require('fs').writeFileSync(${name}, JSON.stringify(process.env))`
      const worker = join(folder, 'worker.cjs')
      writeFileSync(worker, `${tell(`${JSON.stringify(folder)} + '/' + process.argv[2]`)}\n`)
      const binding = (name: string): string => {
        const addon = join(folder, `${name}.cjs`)
        writeFileSync(addon, `${tell(JSON.stringify(join(folder, name)))}; process.exit(3)\n`)
        return addon
      }
      const unused = () => Promise.reject(new Error('not asked for here'))
      const workspace = openWorkspace({
        ...{ home, appVersion: '1', presets: home, folder: home, worker: { args: [worker] } },
        ...{ describeData: unused, doctor: unused, setup: unused, setupPlan: unused, log: () => undefined },
      })
      const { store, queue } = workspace
      const describeData = () => Promise.resolve(fakeDescription)
      const shapesOf = () => Promise.reject(new Error('known'))
      await createRun({ store, queue, describeData, shapesOf }, smallConfig(1))
      const device = (await workspace.freeDevice('room'))?.uuid ?? null
      expect(device).toBe('GPU-c')
      const tried = { libraries: [], libraryPath: CUDA, device }
      await expect(tryEngine({ ...tried, addon: binding('probe') })).rejects.toThrow()
      const setting: EngineSetting = { env: {}, ownRoutes: [], bfloat16Sums: 'library' }
      const info = { ...tried, addon: binding('proof'), gpu: true }
      await expect(runProof({ info, setting, threads: 1, device })).rejects.toThrow()
      const question = { folder: home, request: null, answer: z.null(), doing: 'looking' }
      for (const job of ['time', 'evaluate', 'shapes'] as const)
        await expect(workspace.ask({ ...question, job })).rejects.toThrow('looking failed')
      const inTf32 = [resolvedTrainer('cotrainer', { precision: 'tf32' })]
      await expect(workspace.ask({ ...question, job: 'predict', trainers: inTf32 })).rejects.toThrow()
      await expect(workspace.warmUp(smallConfig(2))).rejects.toThrow()
      await workspace.supervisor.start()
      await until('the run was started', () => existsSync(join(folder, 'run')))
      await workspace.close()
      const expected = {
        LD_LIBRARY_PATH: process.platform === 'darwin' ? undefined : CUDA.join(':'),
        DYLD_LIBRARY_PATH: process.platform === 'darwin' ? CUDA.join(':') : undefined,
        CUDA_VISIBLE_DEVICES: 'GPU-c',
        TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      }
      // The number format is that of a run, or of what is proved; the probe says nothing of it.
      expect(givenTo(folder, 'probe')).toEqual(expected)
      for (const name of ['proof', 'time', 'evaluate', 'shapes', 'warm-up', 'run', 'predict'])
        expect([name, givenTo(folder, name)]).toEqual([
          name,
          { ...expected, NVIDIA_TF32_OVERRIDE: name === 'predict' ? '1' : '0' },
        ])
    })
  },
)

describe('a process that loads the library', () => {
  const setting: EngineSetting = { env: {}, ownRoutes: [], bfloat16Sums: 'library' }

  it('takes memory of a card as it needs it, and computes float32 in float32', () => {
    const variables = {
      ...childVariables(setting, 2),
      ...computeVariables({ libraryPath: [], device: null }),
    }
    expect(variables).toMatchObject({
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
