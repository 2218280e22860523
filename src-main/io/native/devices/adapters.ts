import type { Adapter } from '../../../../src-shared/contract/adapter.ts'
import { linuxAdapters } from './linux-adapters.ts'
import { macAdapters } from './mac-adapters.ts'
import { windowsAdapters } from './windows-adapters.ts'

/** Graphics adapters by the system's own lists, NVIDIA's among them; none elsewhere, and never an error. */
export async function graphicsAdapters(system: NodeJS.Platform = process.platform): Promise<Adapter[]> {
  if (system === 'darwin') return macAdapters()
  if (system === 'linux') return linuxAdapters()
  if (system !== 'win32') return []
  return (await windowsAdapters()).map(({ vendor, name, memoryBytes }) => ({ vendor, name, memoryBytes }))
}
