import type { Adapter } from '../../../../src-shared/contract/adapter.ts'
import { runChild } from '../../../process/child.ts'
import { vendorOf } from './pci-vendors.ts'

const TIMEOUT_MS = 10_000
/** The class of display adapters, one numbered key each. A card that was taken out may still have its key. */
const CLASS = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}`

/** An adapter as the registry of Windows tells of it. */
export interface RegistryAdapter extends Adapter {
  /** Number of its key, `0000`. */
  readonly key: string
  /** Version of its driver as Windows counts, `31.0.15.3699`. */
  readonly driverVersion: string
}

/** Display adapters of known vendors in the registry; none where it cannot be read. `reg`: the tool that prints it. */
export async function windowsAdapters(reg = 'reg'): Promise<RegistryAdapter[]> {
  const keys = (await query(reg, CLASS)).flatMap((line) => /\\(\d{4})$/.exec(line)?.[1] ?? [])
  const found = await Promise.all(
    keys.map(async (key) => asAdapter(key, await query(reg, `${CLASS}\\${key}`))),
  )
  return found.flatMap((one) => one ?? [])
}

async function query(reg: string, key: string): Promise<string[]> {
  const asked = await runChild(reg, ['query', key], { timeoutMs: TIMEOUT_MS }).catch(() => null)
  return asked?.code === 0 ? asked.stdout.split(/\r?\n/).map((line) => line.trimEnd()) : []
}

/** Lines read `    DriverDesc    REG_SZ    AMD Radeon RX 7900 XTX`; numbers are hexadecimal. */
function asAdapter(key: string, lines: readonly string[]): RegistryAdapter | null {
  const values = new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^ {4}(\S.*?) {4}REG_\w+ {4}(.*)$/.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [[name, value] as const]
    }),
  )
  const vendor = vendorOf(/VEN_([0-9a-f]{4})/i.exec(values.get('MatchingDeviceId') ?? '')?.[1] ?? '')
  if (vendor === null) return null
  const bytes = Number(values.get('HardwareInformation.qwMemorySize') ?? NaN)
  return {
    key,
    vendor,
    name: values.get('DriverDesc') ?? `${vendor} adapter`,
    memoryBytes: bytes > 0 ? bytes : null,
    driverVersion: values.get('DriverVersion') ?? '',
  }
}
