import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cardForRun } from '../../../../../../src-main/io/native/devices/free-memory.ts'
import { deviceMemoryMeter, usedMemory } from '../../../../../../src-main/io/native/devices/used-memory.ts'
import { A100, fakeSmi } from '../../../../../support/fake-smi.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const MIB = 2 ** 20
const TWO = [A100.replace('80000', '2000'), A100.replace('GPU-1', 'GPU-2').replace('SXM4', 'PCIE')]

/** A home whose set-up has found an engine. */
function homeWith(gpu: boolean): string {
  const home = temporaryFolder()
  mkdirSync(join(home, 'engine'))
  const info = { gpu, libraryPath: [], routes: [], files: [] }
  writeFileSync(join(home, 'engine', 'native.json'), JSON.stringify(info))
  return home
}

beforeEach(() => {
  vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined)
  vi.stubEnv('CUDA_DEVICE_ORDER', undefined)
})
afterEach(() => vi.unstubAllEnvs())

describe.skipIf(process.platform === 'win32')(
  'the card of the next run (the tool is a shell script here)',
  () => {
    it('is the one with the most free memory', async () => {
      const all = 81920 * MIB
      expect(await cardForRun(homeWith(true), { smi: fakeSmi(TWO) })).toEqual({
        name: 'NVIDIA A100-PCIE-80GB',
        freeBytes: 80000 * MIB,
        totalBytes: all,
      })
    })

    it('is the one that the environment names, by number only where the order is known', async () => {
      const home = homeWith(true)
      const free = async (cards: readonly string[], wish: string) => {
        vi.stubEnv('CUDA_VISIBLE_DEVICES', wish)
        return (await cardForRun(home, { smi: fakeSmi(cards) }))?.freeBytes
      }
      expect(await free(TWO, 'GPU-1')).toBe(2000 * MIB)
      expect(await free(TWO, '')).toBeUndefined()
      expect(await free(TWO, '0')).toBeUndefined()
      const equal = TWO.map((line) => line.replace('PCIE', 'SXM4'))
      expect(await free(equal, '0')).toBe(2000 * MIB)
      vi.stubEnv('CUDA_DEVICE_ORDER', 'PCI_BUS_ID')
      expect(await free(TWO, '1')).toBe(80000 * MIB)
    })

    it('is none where the processor computes, or where free memory is not that of one card', async () => {
      expect(await cardForRun(homeWith(false), { smi: fakeSmi(TWO) })).toBeNull()
      expect(await cardForRun(temporaryFolder(), { smi: fakeSmi(TWO) })).toBeNull()
      expect(
        await cardForRun(homeWith(true), { smi: fakeSmi([A100.replace('Disabled', 'Enabled')]) }),
      ).toBeNull()
      expect(await cardForRun(homeWith(true), { smi: fakeSmi([A100.replace('80000', '[N/A]')]) })).toBeNull()
    })

    it('is asked for once in some seconds', async () => {
      const home = homeWith(true)
      const folder = temporaryFolder()
      const smi = fakeSmi([A100], { folder })
      let at = 0
      const free = async () => (await cardForRun(home, { smi, now: () => at }))?.freeBytes
      expect(await free()).toBe(80000 * MIB)
      fakeSmi([A100.replace('80000', '1000')], { folder })
      at = 4_999
      expect(await free()).toBe(80000 * MIB)
      at = 5_000
      expect(await free()).toBe(1000 * MIB)
    })
  },
)

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
