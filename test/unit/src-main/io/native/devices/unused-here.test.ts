import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { unusedGpuHere } from '../../../../../../src-main/io/native/devices/unused-here.ts'
import { engineHome } from '../../../../../support/engine-home.ts'
import { A100, fakeSmi } from '../../../../../support/fake-smi.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

beforeEach(() => vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined))
afterEach(() => vi.unstubAllEnvs())

describe.skipIf(process.platform !== 'linux')('a card that a run will not use', () => {
  const smi = fakeSmi([A100])
  const why = (home: string, asked = 'auto') => unusedGpuHere({ home, asked }, { smi, proc: '/nowhere' })

  it('is told before the run, with the cause that stands in the record of the set-up', async () => {
    expect(await why(engineHome(false))).toMatch(
      /^The NVIDIA A100-SXM4-80GB is not used: the TensorFlow that was fetched is built for the processor alone\./,
    )
    expect(await why(temporaryFolder())).toContain('the native engine has not been set up')
    expect(await why(engineHome(true), 'wasm')).toContain('the embedded engine computes on the processor')
  })

  it('is none where it computes, unless nothing may see it, and where there is none', async () => {
    expect(await why(engineHome(true))).toBeNull()
    expect(await why(engineHome(false), 'webgpu')).toBeNull()
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '')
    expect(await why(engineHome(true))).not.toBeNull()
    const none = { smi: fakeSmi([]), proc: '/nowhere' }
    expect(await unusedGpuHere({ home: engineHome(false), asked: 'auto' }, none)).toBeNull()
  })
})
