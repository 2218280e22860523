import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { computeDevices } from '../../../../../../src-main/io/native/devices/compute-devices.ts'
import { A100, cards, fakeSmi, MIG_CARD } from '../../../../../support/fake-smi.ts'

const nowhere = '/nowhere'
const seen = async (lines: readonly string[], list: readonly string[] = []) =>
  computeDevices({ smi: fakeSmi(lines, { list }), proc: nowhere })
const uuids = async (...given: Parameters<typeof seen>) =>
  (await seen(...given)).devices.map(({ uuid }) => uuid)
const NAMED = 'NVIDIA A100-SXM4-80GB'
const ROOMY = { computeCapability: '8.0', freeBytes: 80_000 * 2 ** 20, totalBytes: 81_920 * 2 ** 20 }
/** Of an instance the driver's list tells no memory. */
const PART = { computeCapability: '8.0', freeBytes: null, totalBytes: null }

beforeEach(() => vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined))
afterEach(() => vi.unstubAllEnvs())

describe.skipIf(process.platform === 'win32')('the devices that runs are placed on', () => {
  it('are the cards of the driver, as it numbers them', async () => {
    expect(await seen([])).toEqual({ devices: [], note: '' })
    expect(await seen([A100])).toEqual({
      devices: [{ uuid: 'GPU-1', index: '0', name: NAMED, ...ROOMY }],
      note: '',
    })
    const four = await seen(cards(4))
    expect(four.devices.map(({ uuid, index }) => [uuid, index])).toEqual([
      ['GPU-a', '0'],
      ['GPU-b', '1'],
      ['GPU-c', '2'],
      ['GPU-d', '3'],
    ])
    // Words of the tool that are no card.
    expect(await uuids(['No devices were found'])).toEqual([])
  })

  it('are the instances of a card that is divided, each by itself', async () => {
    const { devices, note } = await seen([MIG_CARD.line, ...cards(1)], MIG_CARD.list)
    expect(devices).toEqual([
      { uuid: 'MIG-1', index: '0:0', name: `${NAMED} MIG 3g.20gb`, ...PART },
      { uuid: 'MIG-2', index: '0:1', name: `${NAMED} MIG 3g.20gb`, ...PART },
      { uuid: 'GPU-a', index: '1', name: NAMED, ...ROOMY },
    ])
    expect(note).toBe('')
  })

  it('leave a divided card out whose instances are not told, and say so', async () => {
    const { devices, note } = await seen([MIG_CARD.line, ...cards(1)])
    expect(devices.map(({ uuid }) => uuid)).toEqual(['GPU-a'])
    expect(note).toBe(
      `The ${NAMED} is divided (MIG), and its driver lists no instance: none was made, or this user may not see them ("nvidia-smi -L")`,
    )
  })

  it.each([
    ['2,0', ['GPU-c', 'GPU-a'], ''],
    ['GPU-b', ['GPU-b'], ''],
    ['1,1', ['GPU-b'], ''],
    ['', [], ''],
    ['0,-1,2', ['GPU-a'], 'CUDA_VISIBLE_DEVICES=0,-1,2 names no device with "-1"'],
    ['9', [], 'CUDA_VISIBLE_DEVICES=9 names no device with "9"'],
    // No more than the beginning of every UUID.
    ['GPU-', [], 'CUDA_VISIBLE_DEVICES=GPU- names no device with "GPU-"'],
  ])('are of those that CUDA_VISIBLE_DEVICES=%s names', async (asked, expected, note) => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', asked)
    const found = await seen(cards(4))
    expect(found.devices.map(({ uuid }) => uuid)).toEqual(expected)
    expect(found.note).toBe(note)
  })

  it('are of a divided card that is named all its instances, or the one that is named', async () => {
    const given = [[MIG_CARD.line, ...cards(1)], MIG_CARD.list] as const
    for (const [asked, expected] of [
      ['0', ['MIG-1', 'MIG-2']],
      ['MIG-2', ['MIG-2']],
      ['0:1,1', ['MIG-2', 'GPU-a']],
    ] as const) {
      vi.stubEnv('CUDA_VISIBLE_DEVICES', asked)
      expect(await uuids(...given)).toEqual(expected)
    }
  })
})
