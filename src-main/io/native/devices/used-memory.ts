import type { NvidiaSources } from './nvidia.ts'
import type { SmiRow } from './nvidia-smi.ts'
import { askSmi, bytesOf } from './nvidia-smi.ts'

/** The driver's tool takes a part of a second of one core. */
const ASKED_EVERY_MS = 5_000

interface MeterOptions extends Pick<NvidiaSources, 'smi'> {
  readonly pid?: number
  /** Milliseconds. */
  readonly now?: () => number
}

/**
 * Tells what this process has of the memory of its card, in bytes; asks the driver beside the work and answers with what was
 * told last, null before that. Where the driver does not tell processes apart (in a container, under WSL), it is what is in use
 * on the card, if this process sees one alone.
 */
export function deviceMemoryMeter({ now = Date.now, ...how }: MeterOptions = {}): () => number | null {
  let last: number | null = null
  let askedAt = -Infinity
  return () => {
    if (now() - askedAt >= ASKED_EVERY_MS) {
      askedAt = now()
      void usedMemory(how).then((bytes) => (last = bytes))
    }
    return last
  }
}

/** The same asked once; null where the driver does not tell. Never throws. */
export async function usedMemory({
  smi = 'nvidia-smi',
  pid = process.pid,
}: Omit<MeterOptions, 'now'> = {}): Promise<number | null> {
  const own = (await rowsOf(smi, '--query-compute-apps=pid,used_memory'))
    .filter(([id]) => id === String(pid))
    .flatMap(([, used]) => bytesOf(used) ?? [])
  if (own.length > 0) return own.reduce((sum, used) => sum + used, 0)
  const card = process.env['CUDA_VISIBLE_DEVICES']
  const whole = (await rowsOf(smi, '--query-gpu=uuid,memory.used')).filter(
    ([uuid], _, rows) => rows.length === 1 || uuid === card,
  )
  return bytesOf(whole[0]?.[1])
}

async function rowsOf(smi: string, query: string): Promise<readonly SmiRow[]> {
  const rows = await askSmi(smi, query)
  return typeof rows === 'string' ? [] : rows
}
