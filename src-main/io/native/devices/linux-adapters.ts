import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Adapter } from '../../../../src-shared/contract/adapter.ts'
import { runChild } from '../../../process/child.ts'
import { vendorOf } from './pci-vendors.ts'

const TIMEOUT_MS = 10_000

export interface LinuxSources {
  /** Where the kernel lists the devices of screens. */
  readonly drm?: string
  /** The tool that lists what Vulkan finds. */
  readonly vulkaninfo?: string
  /** Lists of PCI names; the first that is there is read. */
  readonly pciIds?: readonly string[]
}

interface Found {
  readonly vendor: Adapter['vendor']
  /** PCI numbers in four hexadecimal digits. */
  readonly ids: readonly [vendor: string, device: string]
  readonly memoryBytes: number | null
}

/**
 * Adapters that the kernel lists, by the name that Vulkan gives them, else that of the list of PCI names, else by number; and
 * those that Vulkan alone knows (WSL2). Where none of these is there, none.
 */
export async function linuxAdapters({
  drm = '/sys/class/drm',
  vulkaninfo = 'vulkaninfo',
  pciIds = ['/usr/share/hwdata/pci.ids', '/usr/share/misc/pci.ids'],
}: LinuxSources = {}): Promise<Adapter[]> {
  const asked = await runChild(vulkaninfo, ['--summary'], { timeoutMs: TIMEOUT_MS }).catch(() => null)
  const vulkan = vulkanDevices(asked?.code === 0 ? asked.stdout : '')
  const listed = kernelDevices(drm)
  const list = pciIds.find((path) => existsSync(path))
  const names = listed.length > 0 && list !== undefined ? readFileSync(list, 'utf8') : ''
  const isSame = (a: Found, b: Found): boolean => a.ids.join() === b.ids.join()
  const named = listed.map((found): Adapter => {
    const { vendor, ids, memoryBytes } = found
    const name = vulkan.find((other) => isSame(other, found))?.name ?? pciName(names, ids)
    return { vendor, name: name ?? `${vendor} 0x${ids[1]}`, memoryBytes }
  })
  const others = vulkan.filter((device) => !listed.some((found) => isSame(found, device)))
  return [...named, ...others.map(({ vendor, name }) => ({ vendor, name, memoryBytes: null }))]
}

function kernelDevices(drm: string): Found[] {
  const cards = existsSync(drm) ? readdirSync(drm).filter((name) => /^card\d+$/.test(name)) : []
  return cards
    .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)))
    .flatMap((card) => {
      const field = (name: string): string => readIfThere(join(drm, card, 'device', name)).trim()
      const found = foundOf(field('vendor'), field('device'))
      // AMD's driver tells the memory of the card in bytes.
      const bytes = Number(field('mem_info_vram_total'))
      return found === null ? [] : [{ ...found, memoryBytes: bytes > 0 ? bytes : null }]
    })
}

/** Devices of `vulkaninfo --summary` that are no program: a block of `name = value` each, below `GPU0:`. */
function vulkanDevices(summary: string): (Found & { readonly name: string })[] {
  return summary
    .split(/^GPU\d+:/m)
    .slice(1)
    .flatMap((block) => {
      const field = (name: string): string =>
        new RegExp(`^\\s*${name}\\s*=\\s*(.+?)\\s*$`, 'm').exec(block)?.[1] ?? ''
      const found = foundOf(field('vendorID'), field('deviceID'))
      const isProgram = field('deviceType') === 'PHYSICAL_DEVICE_TYPE_CPU'
      return found === null || isProgram ? [] : [{ ...found, name: field('deviceName') }]
    })
}

function foundOf(vendorId: string, deviceId: string): Found | null {
  const vendor = vendorOf(vendorId)
  const digits = (id: string): string => id.toLowerCase().replace(/^0x/, '').padStart(4, '0')
  return vendor === null
    ? null
    : { vendor, ids: [digits(vendorId), digits(deviceId)] as const, memoryBytes: null }
}

/** `1002  Advanced Micro Devices` is followed by its devices, each indented by one tab; null where the list lacks it. */
function pciName(list: string, [vendor, device]: Found['ids']): string | null {
  const [, devices = ''] = new RegExp(`^${vendor} .*\\n((?:[\\t#].*\\n?)*)`, 'm').exec(list) ?? []
  const name = new RegExp(`^\\t${device}\\s+(.+)$`, 'm').exec(devices)?.[1]
  return name === undefined ? null : `${vendorOf(vendor) ?? ''} ${name.trim()}`
}

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')
