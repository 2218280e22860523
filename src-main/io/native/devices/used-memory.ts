import { runChild } from '../../../process/child.ts'
import type { NvidiaSources } from './nvidia.ts'

const TIMEOUT_MS = 10_000
/** The driver's tool takes a part of a second of one core. */
const ASKED_EVERY_MS = 5_000
const MEBIBYTE = 2 ** 20

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
  const own = (await ask(smi, '--query-compute-apps=pid,used_memory'))
    .filter(([id]) => id === String(pid))
    .flatMap(([, used]) => mebibytes(used))
  if (own.length > 0) return own.reduce((sum, used) => sum + used, 0) * MEBIBYTE
  const card = process.env['CUDA_VISIBLE_DEVICES']
  const whole = (await ask(smi, '--query-gpu=uuid,memory.used')).filter(
    ([uuid], _, rows) => rows.length === 1 || uuid === card,
  )
  const [used] = whole.flatMap(([, value]) => mebibytes(value))
  return used === undefined ? null : used * MEBIBYTE
}

/** Lines of an answer by their fields; none where it cannot be had. */
async function ask(smi: string, query: string): Promise<readonly (readonly string[])[]> {
  const words = [query, '--format=csv,noheader,nounits']
  const asked = await runChild(smi, words, { timeoutMs: TIMEOUT_MS }).catch(() => null)
  if (asked?.code !== 0) return []
  return asked.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(',').map((word) => word.trim()))
}

/** One number, or none: `[N/A]` where the driver does not tell. */
function mebibytes(text: string | undefined): readonly number[] {
  const value = Number(text === undefined || text === '' ? NaN : text)
  return Number.isFinite(value) ? [value] : []
}
