import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchMachine } from '../../../../../src-main/runs/home/machine.ts'
import { deviceFor } from '../../../../../src-main/runs/queue/placement.ts'
import { engineHome } from '../../../../support/engine-home.ts'
import { A100, fakeSmi, MIG_CARD } from '../../../../support/fake-smi.ts'
import { openLab } from '../../../../support/lab.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const MIB = 2 ** 20
const TWO = [A100.replace('80000', '2000'), A100.replace('GPU-1', 'GPU-2').replace('SXM4', 'PCIE')]

/** A machine whose driver tells of these cards. */
function driverOf(cards: readonly string[], list: readonly string[] = []): string {
  const folder = temporaryFolder()
  fakeSmi(cards, { folder, list })
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
  return folder
}

/** The device that the next run of this home would be given. */
const next = async (home: string) => deviceFor(await watchMachine(openLab(home).store).read(), [], 'any')

beforeEach(() => {
  vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined)
  vi.stubEnv('COTRAIN_ENGINE', undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

describe.skipIf(process.platform === 'win32')(
  'the card of the next run (the tool is a shell script here)',
  () => {
    it('is the one with the most free memory, or the one that the environment names', async () => {
      driverOf(TWO)
      const home = engineHome(true)
      expect(await next(home)).toMatchObject({
        name: 'NVIDIA A100-PCIE-80GB',
        freeBytes: 80_000 * MIB,
        totalBytes: 81_920 * MIB,
      })
      for (const [wish, uuid] of [
        ['GPU-1', 'GPU-1'],
        ['0', 'GPU-1'],
        ['1', 'GPU-2'],
        ['', undefined],
      ] as const) {
        vi.stubEnv('CUDA_VISIBLE_DEVICES', wish)
        expect([wish, (await next(home))?.uuid]).toEqual([wish, uuid])
      }
    })

    it('is none where the processor computes or was asked for', async () => {
      driverOf(TWO)
      expect(await next(engineHome(false))).toBeNull()
      expect(await next(temporaryFolder())).toBeNull()
      vi.stubEnv('COTRAIN_ENGINE', 'wasm')
      expect(await next(engineHome(true))).toBeNull()
    })

    it('has free memory only where that is told of it alone', async () => {
      driverOf([A100.replace('80000', '[N/A]')])
      expect(await next(engineHome(true))).toMatchObject({ uuid: 'GPU-1', freeBytes: null })
      driverOf([MIG_CARD.line], MIG_CARD.list)
      expect(await next(engineHome(true))).toMatchObject({ uuid: 'MIG-1', freeBytes: null })
    })

    it('is asked for once in some seconds', async () => {
      vi.useFakeTimers({ toFake: ['performance'] })
      const folder = driverOf([A100])
      const machine = watchMachine(openLab(engineHome(true)).store)
      const free = async () => (await machine.read()).devices[0]?.freeBytes
      expect(await free()).toBe(80_000 * MIB)
      fakeSmi([A100.replace('80000', '1000')], { folder })
      vi.advanceTimersByTime(4_999)
      expect(await free()).toBe(80_000 * MIB)
      vi.advanceTimersByTime(1)
      expect(await free()).toBe(1000 * MIB)
    })
  },
)
