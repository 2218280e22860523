import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Gpu } from '../../../../../../src-shared/contract/doctor.ts'
import { setupPlan } from '../../../../../../src-main/io/native/setup/setup-plan.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

afterEach(() => vi.unstubAllEnvs())

describe('the plan of the set-up', () => {
  it('says what would be fetched, from where, with size and checksum, and where it would lie', async () => {
    vi.stubEnv('COTRAIN_PACKAGE_INDEX', 'https://mirror.lab.example/simple')
    const home = temporaryFolder()
    expect(await setupPlan(home, 'linux-x64')).toMatchObject({
      version: '2.21.0',
      folder: join(home, 'engine'),
      fromFile: 'the wheel of tensorflow-cpu 2.21.0',
      fetchedBytes: 0,
      download: {
        file: expect.stringMatching(/^tensorflow_cpu-2\.21\.0-.*_x86_64\.whl$/),
        host: 'mirror.lab.example',
        bytes: 273_829_956,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    })
  })

  it('is the larger one where a card computes, and says why', async () => {
    const gpu = { name: 'NVIDIA A100', driver: '550.54.15', computeCapability: '8.0' } as Gpu
    const plan = await setupPlan(temporaryFolder(), 'linux-x64', [gpu])
    expect(plan).toMatchObject({
      name: 'tensorflow',
      why: expect.stringMatching(/^The NVIDIA A100 computes/),
    })
    expect(plan?.download).toMatchObject({ file: null, bytes: 2.6e9, sha256: null })
    expect((await setupPlan(temporaryFolder(), 'linux-x64', []))?.why).toMatch(/no NVIDIA card/)
  })

  it('asks nobody: a start of the app makes no call', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new Error('asked')))
    await expect(setupPlan(temporaryFolder(), 'linux-x64')).resolves.not.toBeNull()
    vi.unstubAllGlobals()
  })

  it('counts what an earlier attempt has fetched', async () => {
    const home = temporaryFolder()
    await mkdir(join(home, 'engine', 'wheel-2.21.0.part'), { recursive: true })
    await writeFile(join(home, 'engine', 'wheel-2.21.0.part', 'a.whl.part'), Buffer.alloc(1_234))
    await mkdir(join(home, 'engine', 'wheel-2.21.0.part', 'pip-tensorflow')) // what pip had begun, it begins anew
    expect((await setupPlan(home))?.fetchedBytes).toBe(1_234)
  })

  it('leaves size and checksum to the index where no wheel is pinned, and has no download for Windows', async () => {
    const arm = await setupPlan(temporaryFolder(), 'linux-arm64')
    expect(arm?.download).toMatchObject({ file: null, bytes: null, sha256: null })
    expect((await setupPlan(temporaryFolder(), 'win32-x64'))?.download).toBeNull()
  })
})
