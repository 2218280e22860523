import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deviceMemoryMeter, usedMemory } from '../../../../../../src-main/io/native/devices/used-memory.ts'
import { fakeSmi } from '../../../../../support/fake-smi.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const MIB = 2 ** 20

beforeEach(() => {
  vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined)
})
afterEach(() => vi.unstubAllEnvs())

describe.skipIf(process.platform === 'win32')('the memory that a process has of its card', () => {
  it('is told by process', async () => {
    const smi = fakeSmi([], { apps: ['7, 300', '$PPID, 1000', '$PPID, 24'], used: ['GPU-1, 5000'] })
    expect(await usedMemory({ smi })).toBe(1024 * MIB)
  })

  it('is that in use on its card where processes are not told', async () => {
    const used = ['GPU-1, 500', 'GPU-2, 700']
    const smi = fakeSmi([], { apps: ['7, [N/A]'], used })
    expect(await usedMemory({ smi })).toBeNull()
    vi.stubEnv('CUDA_VISIBLE_DEVICES', 'GPU-2')
    expect(await usedMemory({ smi })).toBe(700 * MIB)
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '0')
    expect(await usedMemory({ smi: fakeSmi([], { used: ['GPU-9, 40'] }) })).toBe(40 * MIB)
  })

  it('is not known without a driver', async () => {
    expect(await usedMemory({ smi: '/nowhere/nvidia-smi' })).toBeNull()
  })

  it('is asked beside the work, and kept until it is old', async () => {
    const folder = temporaryFolder()
    const smi = fakeSmi([], { folder, apps: ['$PPID, 10'] })
    let at = 0
    const memory = deviceMemoryMeter({ smi, now: () => at })
    expect(memory()).toBeNull()
    await vi.waitFor(() => expect(memory()).toBe(10 * MIB), { timeout: 60_000 })
    fakeSmi([], { folder, apps: ['$PPID, 20'] })
    at = 4_999
    expect(memory()).toBe(10 * MIB)
    at = 5_000
    expect(memory()).toBe(10 * MIB)
    await vi.waitFor(() => expect(memory()).toBe(20 * MIB), { timeout: 60_000 })
  })
})
