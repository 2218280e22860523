import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Gpu } from '../../../../src-shared/contract/doctor.ts'
import { migInstances } from './mig-instances.ts'
import type { SmiRow } from './nvidia-smi.ts'
import { askSmi, bytesOf, listOfSmi } from './nvidia-smi.ts'
import { windowsAdapters } from './windows-adapters.ts'

/** Fields of the driver's tool in our order; older drivers do not know the last ones. */
const FIELDS = [
  'uuid',
  'name',
  'memory.total',
  'memory.free',
  'driver_version',
  'compute_cap',
  'mig.mode.current',
]
const KNOWN_EARLIER = 5

export interface NvidiaSources {
  /** The driver's own tool. */
  readonly smi?: string
  /** Where the Linux driver tells of its cards. */
  readonly proc?: string
  /** What prints the registry of Windows. */
  readonly reg?: string
  readonly system?: NodeJS.Platform
}

/**
 * NVIDIA cards of this machine as their driver tells: by its tool, else by what it writes under /proc or, on Windows, into the
 * registry. Empty where there is no driver; never throws, as a machine without a card is as good.
 */
export async function nvidiaDevices({
  smi = 'nvidia-smi',
  proc = '/proc/driver/nvidia',
  reg = 'reg',
  system = process.platform,
}: NvidiaSources = {}): Promise<Gpu[]> {
  for (const fields of [FIELDS, FIELDS.slice(0, KNOWN_EARLIER)]) {
    const rows = await askSmi(smi, `--query-gpu=${fields.join(',')}`)
    if (rows === 'no tool') break
    if (rows !== 'refused') return withInstances(rows.map(asGpu), smi)
  }
  return system === 'win32' ? devicesInRegistry(reg) : devicesInProc(proc)
}

function asGpu([uuid, name, total, free, driver, capability, mig]: SmiRow): Gpu {
  return {
    uuid: uuid ?? '',
    name: name ?? 'NVIDIA card',
    memoryBytes: bytesOf(total),
    freeBytes: bytesOf(free),
    driver: driver ?? '',
    computeCapability: capability ?? null,
    isPartitioned: mig === 'Enabled',
    instances: [],
  }
}

/** The instances of divided cards, in the order of the driver; the tool tells of them in its list alone. */
async function withInstances(cards: Gpu[], smi: string): Promise<Gpu[]> {
  if (!cards.some(({ isPartitioned }) => isPartitioned)) return cards
  const instances = migInstances(await listOfSmi(smi))
  return cards.map((card) => ({ ...card, instances: [...(instances.get(card.uuid) ?? [])] }))
}

function devicesInProc(proc: string): Gpu[] {
  const cards = join(proc, 'gpus')
  if (!existsSync(cards)) return []
  const version = readIfThere(join(proc, 'version'))
  const driver = /Kernel Module(?:\s+for \S+)?\s+([\d.]+)/.exec(version)?.[1] ?? ''
  return readdirSync(cards)
    .sort()
    .map((card) => {
      const text = readIfThere(join(cards, card, 'information'))
      const field = (name: string): string | null =>
        new RegExp(`^${name}:\\s*(.+)$`, 'm').exec(text)?.[1]?.trim() ?? null
      return { ...UNKNOWN, uuid: field('GPU UUID') ?? card, name: field('Model') ?? 'NVIDIA card', driver }
    })
}

async function devicesInRegistry(reg: string): Promise<Gpu[]> {
  const cards = (await windowsAdapters(reg)).filter(({ vendor }) => vendor === 'NVIDIA')
  return cards.map(({ key, name, memoryBytes, driverVersion }) => ({
    ...UNKNOWN,
    uuid: `registry ${key}`,
    name,
    memoryBytes,
    driver: driverOf(driverVersion),
  }))
}

/** NVIDIA's own number is the last five digits of the one that Windows counts: 31.0.15.3699 is 536.99. */
function driverOf(version: string): string {
  const digits = version.replaceAll('.', '').slice(-5)
  return digits.length < 5 ? '' : `${Number(digits.slice(0, 3))}.${digits.slice(3)}`
}

/** What is told by the driver's tool alone. */
const UNKNOWN = {
  memoryBytes: null,
  freeBytes: null,
  computeCapability: null,
  isPartitioned: false,
  instances: [],
}

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')
