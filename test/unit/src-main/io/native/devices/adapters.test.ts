import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { graphicsAdapters } from '../../../../../../src-main/io/native/devices/adapters.ts'
import { linuxAdapters } from '../../../../../../src-main/io/native/devices/linux-adapters.ts'
import { macAdapters } from '../../../../../../src-main/io/native/devices/mac-adapters.ts'
import { nvidiaDevices } from '../../../../../../src-main/io/native/devices/nvidia.ts'
import { windowsAdapters } from '../../../../../../src-main/io/native/devices/windows-adapters.ts'
import { adapterUse } from '../../../../../../src-shared/contract/adapter.ts'
import { fakeTool } from '../../../../../support/fake-tool.ts'
import { writeTree } from '../../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const NOWHERE = '/nowhere/tool'

/** As the kernel lists them: two cards and a screen controller of a server, with the plugs of one. */
function kernelList(): string {
  const drm = temporaryFolder()
  writeTree(drm, {
    'card0/device/vendor': '0x1a03\n',
    'card0/device/device': '0x2000\n',
    'card1/device/vendor': '0x1002\n',
    'card1/device/device': '0x744c\n',
    'card1/device/mem_info_vram_total': '25753026560\n',
    'card1-DP-1/status': 'connected\n',
    'card10/device/vendor': '0x8086\n',
    'card10/device/device': '0x56a0\n',
    'renderD128/device/vendor': '0x1002\n',
  })
  return drm
}

const VULKAN = `Vulkan Instance Version: 1.3.275

Devices:
========
GPU0:
\tapiVersion         = 1.3.274
\tvendorID           = 0x1002
\tdeviceID           = 0x744c
\tdeviceType         = PHYSICAL_DEVICE_TYPE_DISCRETE_GPU
\tdeviceName         = AMD Radeon RX 7900 XTX (RADV NAVI31)
GPU1:
\tvendorID           = 0x10005
\tdeviceID           = 0x0000
\tdeviceType         = PHYSICAL_DEVICE_TYPE_CPU
\tdeviceName         = llvmpipe (LLVM 17.0.6, 256 bits)
`
const PCI_IDS = `# List of PCI names
1002  Advanced Micro Devices, Inc. [AMD/ATI]
\t744b  Navi 31 [other]
# a remark
\t744c  Navi 31 [Radeon RX 7900 XT/7900 XTX]
\t\t1002 0e3b  RX 7900 GRE
8086  Intel Corporation
\t56a0  DG2 [Arc A770]
`

function listOfNames(): string[] {
  const folder = temporaryFolder()
  writeTree(folder, { 'pci.ids': PCI_IDS })
  return ['/nowhere/pci.ids', join(folder, 'pci.ids')]
}

describe.skipIf(process.platform === 'win32')(
  'graphics adapters (the stand-ins of tools are shell scripts)',
  () => {
    it('are named on Linux by Vulkan, else by the list of PCI names, with the memory that their driver tells', async () => {
      const vulkaninfo = fakeTool({ '--summary': VULKAN })
      const sources = { drm: kernelList(), vulkaninfo, pciIds: listOfNames() }
      expect(await linuxAdapters(sources)).toEqual([
        { vendor: 'AMD', name: 'AMD Radeon RX 7900 XTX (RADV NAVI31)', memoryBytes: 25753026560 },
        { vendor: 'Intel', name: 'Intel DG2 [Arc A770]', memoryBytes: null },
      ])
      expect(await linuxAdapters({ ...sources, vulkaninfo: NOWHERE })).toMatchObject([
        { name: 'AMD Navi 31 [Radeon RX 7900 XT/7900 XTX]' },
        { name: 'Intel DG2 [Arc A770]' },
      ])
    })

    it('are named by their number where nothing names them', async () => {
      const sources = { drm: kernelList(), vulkaninfo: NOWHERE, pciIds: [] }
      expect((await linuxAdapters(sources)).map(({ name }) => name)).toEqual(['AMD 0x744c', 'Intel 0x56a0'])
    })

    it('are found through Vulkan where the kernel lists none; programs are none', async () => {
      const sources = { drm: NOWHERE, vulkaninfo: fakeTool({ '--summary': VULKAN }), pciIds: [] }
      expect((await linuxAdapters(sources)).map(({ vendor }) => vendor)).toEqual(['AMD'])
      expect(await linuxAdapters({ ...sources, vulkaninfo: fakeTool({}) })).toEqual([])
    })

    it('are told on macOS by the System Profiler, with memory where they have their own', async () => {
      const displays = [
        { _name: 'kHW_AppleM2Item', sppci_model: 'Apple M2 Pro', spdisplays_vendor: 'sppci_vendor_Apple' },
        { sppci_model: 'Radeon Pro 5500M', spdisplays_vendor: 'sppci_vendor_amd', spdisplays_vram: '8 GB' },
        { _name: 'Intel UHD Graphics 630', spdisplays_vram: '1536 MB' },
        { sppci_model: 'A screen over USB' },
      ]
      const answer = (text: string): string => fakeTool({ '-json': text })
      expect(await macAdapters(answer(JSON.stringify({ SPDisplaysDataType: displays })))).toEqual([
        { vendor: 'Apple', name: 'Apple M2 Pro', memoryBytes: null },
        { vendor: 'AMD', name: 'Radeon Pro 5500M', memoryBytes: 8 * 2 ** 30 },
        { vendor: 'Intel', name: 'Intel UHD Graphics 630', memoryBytes: 1.5 * 2 ** 30 },
      ])
      for (const text of ['no JSON', '{}', '{"SPDisplaysDataType": 1}'])
        expect(await macAdapters(answer(text))).toEqual([])
      expect(await macAdapters(NOWHERE)).toEqual([])
    })

    it('are told on Windows by the registry, NVIDIA cards with their driver where its tool is missing', async () => {
      const reg = registryOf({
        '0000': values({
          DriverDesc: ['SZ', 'AMD Radeon RX 7900 XTX'],
          DriverVersion: ['SZ', '31.0.21001.45002'],
          MatchingDeviceId: ['SZ', String.raw`PCI\VEN_1002&DEV_744C&REV_C8`],
          'HardwareInformation.MemorySize': ['DWORD', '0xfff00000'],
          'HardwareInformation.qwMemorySize': ['QWORD', '0x600000000'],
        }),
        '0001': values({
          DriverDesc: ['SZ', 'Microsoft Basic Display Adapter'],
          MatchingDeviceId: ['SZ', String.raw`PCI\CC_0300`],
        }),
        '0002': values({
          DriverDesc: ['SZ', 'NVIDIA GeForce RTX 4090'],
          DriverVersion: ['SZ', '31.0.15.3699'],
          MatchingDeviceId: ['SZ', String.raw`pci\ven_10de&dev_2684`],
          'HardwareInformation.qwMemorySize': ['QWORD', '0x5ff800000'],
        }),
      })
      expect(await windowsAdapters(reg)).toMatchObject([
        { vendor: 'AMD', name: 'AMD Radeon RX 7900 XTX', memoryBytes: 24 * 2 ** 30 },
        { vendor: 'NVIDIA', key: '0002' },
      ])
      expect(await nvidiaDevices({ smi: NOWHERE, proc: NOWHERE, reg, system: 'win32' })).toEqual([
        {
          uuid: 'registry 0002',
          name: 'NVIDIA GeForce RTX 4090',
          memoryBytes: 0x5ff800000,
          freeBytes: null,
          driver: '536.99',
          computeCapability: null,
          isPartitioned: false,
          instances: [],
        },
      ])
      expect(await nvidiaDevices({ smi: NOWHERE, proc: NOWHERE, reg, system: 'linux' })).toEqual([])
      expect(await windowsAdapters(NOWHERE)).toEqual([])
    })
  },
)

const CLASS = String.raw`SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}`

/** A key as `reg query` prints it: name, type and value with four spaces between, lines ended as on Windows. */
const values = (given: Readonly<Record<string, readonly [type: string, value: string]>>): string =>
  Object.entries(given)
    .map(([name, [type, value]]) => `    ${name}    REG_${type}    ${value}\r\n`)
    .join('')

/** A stand-in of `reg query <key>`: the class lists its keys, among them one that nobody may read. */
function registryOf(keys: Readonly<Record<string, string>>): string {
  const long = `HKEY_LOCAL_MACHINE\\${CLASS}`
  const names = [...Object.keys(keys), 'Configuration', 'Properties']
  const listed = names.map((name) => `${long}\\${name}\r\n`).join('')
  const answers = Object.entries(keys).map(([key, text]) => [
    `HKLM\\${CLASS}\\${key}`,
    `\r\n${long}\\${key}\r\n${text}\r\n`,
  ])
  const head = `\r\n${long}\r\n    Class    REG_SZ    Display\r\n\r\n`
  return fakeTool({ [`HKLM\\${CLASS}`]: head + listed, ...Object.fromEntries(answers) })
}

describe('what an adapter does', () => {
  it('is said: it computes where WebGPU is used; of NVIDIA without a driver it does not', () => {
    const adapter = { vendor: 'AMD', name: 'Radeon', memoryBytes: null } as const
    expect(adapterUse(adapter)).toContain('computes with the WebGPU engine')
    expect(adapterUse({ ...adapter, vendor: 'NVIDIA' })).toContain('no driver of NVIDIA answers')
  })

  it('is no reason to fail: every system is asked without an error', async () => {
    for (const system of ['linux', 'darwin', 'win32', 'freebsd'] as const)
      expect(Array.isArray(await graphicsAdapters(system))).toBe(true)
  })
})
