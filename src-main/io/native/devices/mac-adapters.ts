import { z } from 'zod'
import type { Adapter } from '../../../../src-shared/contract/adapter.ts'
import { runChild } from '../../../process/child.ts'

const TIMEOUT_MS = 20_000
const VENDORS = ['Apple', 'AMD', 'Intel', 'NVIDIA'] as const
const UNITS = { MB: 2 ** 20, GB: 2 ** 30 } as const

/** Of what the System Profiler tells of a graphics adapter; one of Apple's shares the memory of the machine and tells none. */
const report = z.object({
  SPDisplaysDataType: z.array(
    z.object({
      _name: z.string().optional(),
      sppci_model: z.string().optional(),
      spdisplays_vendor: z.string().optional(),
      spdisplays_vram: z.string().optional(),
    }),
  ),
})

/** Adapters that the System Profiler of macOS lists; none where it does not answer. */
export async function macAdapters(profiler = 'system_profiler'): Promise<Adapter[]> {
  const words = ['SPDisplaysDataType', '-json']
  const asked = await runChild(profiler, words, { timeoutMs: TIMEOUT_MS }).catch(() => null)
  const parsed = report.safeParse(asked?.code === 0 ? jsonOf(asked.stdout) : null)
  return (parsed.data?.SPDisplaysDataType ?? []).flatMap((found) => {
    const name = found.sppci_model ?? found._name ?? ''
    // `sppci_vendor_amd`, `sppci_vendor_Apple`, `Intel`
    const text = `${found.spdisplays_vendor ?? ''} ${name}`.toLowerCase()
    const vendor = VENDORS.find((one) => text.includes(one.toLowerCase()))
    return vendor === undefined ? [] : [{ vendor, name, memoryBytes: bytesOf(found.spdisplays_vram) }]
  })
}

/** `8 GB`, `1536 MB` */
function bytesOf(memory = ''): number | null {
  const [, amount, unit] = /^(\d+) (MB|GB)$/.exec(memory) ?? []
  return unit === 'MB' || unit === 'GB' ? Number(amount) * UNITS[unit] : null
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // an adapter is never a reason to fail
  }
}
