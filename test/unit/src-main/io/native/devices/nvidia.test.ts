import { describe, expect, it } from 'vitest'
import { nvidiaDevices } from '../../../../../../src-main/io/native/devices/nvidia.ts'
import { unusedGpu } from '../../../../../../src-main/io/native/devices/unused-gpu.ts'
import { A100, fakeSmi } from '../../../../../support/fake-smi.ts'
import { writeTree } from '../../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const nowhere = '/nowhere/nvidia'

describe.skipIf(process.platform === 'win32')(
  'NVIDIA cards (the stand-in of the tool is a shell script)',
  () => {
    it('are told by the tool of the driver, with memory in bytes', async () => {
      expect(await nvidiaDevices({ smi: fakeSmi([A100]), proc: nowhere })).toEqual([
        {
          uuid: 'GPU-1',
          name: 'NVIDIA A100-SXM4-80GB',
          memoryBytes: 81920 * 1024 * 1024,
          freeBytes: 80000 * 1024 * 1024,
          driver: '550.54.15',
          computeCapability: '8.0',
          isPartitioned: false,
          instances: [],
        },
      ])
    })

    it('are none, one or four, divided or not', async () => {
      expect(await nvidiaDevices({ smi: fakeSmi([]), proc: nowhere })).toEqual([])
      const four = await nvidiaDevices({
        smi: fakeSmi([A100, A100, A100, A100.replace('Disabled', 'Enabled')]),
      })
      expect(four.map(({ isPartitioned }) => isPartitioned)).toEqual([false, false, false, true])
    })

    it('have their instances listed under them, each under its own', async () => {
      const divided = (uuid: string): string =>
        A100.replace('GPU-1', uuid).replace('Disabled', 'Enabled').replace('80000', '[N/A]')
      const list = [
        'GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-1)',
        'GPU 1: NVIDIA A100-SXM4-80GB (UUID: GPU-2)',
        '  MIG 3g.40gb     Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)',
        '  MIG 1c.3g.40gb  Device  1: (UUID: MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb)',
        'GPU 2: NVIDIA A100-SXM4-80GB (UUID: GPU-3)',
        '  MIG 1g.5gb Device 0: (UUID: MIG-GPU-3/1/0)',
        'GPU 3: NVIDIA A100-SXM4-80GB (UUID: GPU-4)',
      ]
      const cards = [A100, divided('GPU-2'), divided('GPU-3'), divided('GPU-4')]
      const found = await nvidiaDevices({ smi: fakeSmi(cards, { list }) })
      expect(found.map(({ uuid, freeBytes, instances }) => ({ uuid, freeBytes, instances }))).toEqual([
        { uuid: 'GPU-1', freeBytes: 80000 * 1024 * 1024, instances: [] },
        {
          uuid: 'GPU-2',
          freeBytes: null,
          instances: [
            { uuid: 'MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f', name: '3g.40gb' },
            { uuid: 'MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb', name: '1c.3g.40gb' },
          ],
        },
        { uuid: 'GPU-3', freeBytes: null, instances: [{ uuid: 'MIG-GPU-3/1/0', name: '1g.5gb' }] },
        { uuid: 'GPU-4', freeBytes: null, instances: [] },
      ])
    })

    it('are told by older drivers without what those do not know, and without what a card does not have', async () => {
      const smi = fakeSmi(['GPU-2, Quadro K2200, [N/A], [Not Supported], 390.157'], {
        unknown: 'compute_cap',
      })
      expect(await nvidiaDevices({ smi, proc: nowhere })).toEqual([
        {
          uuid: 'GPU-2',
          name: 'Quadro K2200',
          memoryBytes: null,
          freeBytes: null,
          driver: '390.157',
          computeCapability: null,
          isPartitioned: false,
          instances: [],
        },
      ])
    })

    it('are found in /proc where the tool is missing or fails', async () => {
      const proc = temporaryFolder()
      writeTree(proc, {
        version: 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023\n',
        'gpus/0000:01:00.0/information': 'Model: \t\t NVIDIA RTX A4000\nIRQ: 1\nGPU UUID: \t GPU-3\n',
      })
      const found = [{ uuid: 'GPU-3', name: 'NVIDIA RTX A4000', driver: '535.104.05', memoryBytes: null }]
      expect(await nvidiaDevices({ smi: '/nowhere/nvidia-smi', proc })).toMatchObject(found)
      expect(await nvidiaDevices({ smi: fakeSmi([], { unknown: 'uuid' }), proc })).toMatchObject(found)
      writeTree(proc, {
        version: 'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  560.35.03  Release\n',
      })
      expect(await nvidiaDevices({ smi: '/nowhere/nvidia-smi', proc })).toMatchObject([
        { driver: '560.35.03' },
      ])
    })

    it('are none where there is no driver', async () => {
      expect(await nvidiaDevices({ smi: '/nowhere/nvidia-smi', proc: nowhere })).toEqual([])
    })
  },
)

describe('a GPU that is there and not used', async () => {
  const gpus = await nvidiaDevices({ smi: fakeSmi([A100]), proc: nowhere })
  const native = { name: 'native', gpu: false, reason: 'TensorFlow 2.21.0 found by the wheel route' } as const
  const choice = { needsGpu: true, why: 'the card computes' }
  const cudnn = { name: 'cuDNN', file: 'libcudnn.so.9', path: null }

  it('is told with its cause and what to do', () => {
    const embedded = { name: 'wasm', gpu: false, reason: 'the native engine has not been set up' } as const
    expect(unusedGpu({ gpus, backend: embedded, libraries: [], route: '', choice })).toMatch(
      /^The NVIDIA A100-SXM4-80GB is not used: the embedded engine .*not been set up.*cotrain setup --engine gpu/,
    )
    expect(unusedGpu({ gpus, backend: native, libraries: [cudnn], route: 'wheel', choice })).toContain(
      'was fetched is built for the processor alone',
    )
    expect(unusedGpu({ gpus, backend: native, libraries: [cudnn], route: 'python', choice })).toContain(
      'TensorFlow does not find libcudnn.so.9',
    )
    const there = { ...cudnn, path: '/usr/lib/libcudnn.so.9' }
    expect(unusedGpu({ gpus, backend: native, libraries: [there], route: 'python', choice })).toContain(
      'another driver',
    )
    expect(
      unusedGpu({ gpus: [...gpus, ...gpus], backend: native, libraries: [], route: 'wheel', choice }),
    ).toMatch(/^2 GPUs .* are not used/)
  })

  it('says what would serve a card that set-up has no engine for', () => {
    const why =
      'Driver 470.82 of the NVIDIA A100 is older than CUDA 12 needs (525.60.13): install a newer driver'
    const none = { needsGpu: false, why }
    expect(unusedGpu({ gpus, backend: native, libraries: [], route: 'wheel', choice: none })).toMatch(
      /alone\. Driver 470\.82 .* install a newer driver\.$/,
    )
  })

  it('is no warning where it computes, or where there is none', () => {
    const used = { ...native, gpu: true }
    expect(unusedGpu({ gpus, backend: used, libraries: [], route: 'python', choice })).toBeNull()
    expect(unusedGpu({ gpus: [], backend: native, libraries: [], route: 'wheel', choice })).toBeNull()
  })
})
