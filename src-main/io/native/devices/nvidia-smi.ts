import { runChild } from '../../../process/child.ts'

const TIMEOUT_MS = 10_000
const MEBIBYTE = 2 ** 20

/** Fields of one line, in the order asked for; null where the driver does not tell: `[N/A]`, `[Not Supported]`. */
export type SmiRow = readonly (string | null)[]

/**
 * What NVIDIA's tool answers to a query (`--query-gpu=uuid,name`), a row for each line. `no tool`: it cannot be started; `refused`: it
 * knows no such field, or its driver does not answer. Never throws.
 */
export async function askSmi(smi: string, query: string): Promise<readonly SmiRow[] | 'no tool' | 'refused'> {
  const words = [query, '--format=csv,noheader,nounits']
  const asked = await runChild(smi, words, { timeoutMs: TIMEOUT_MS }).catch(() => null)
  if (asked === null) return 'no tool'
  if (asked.code !== 0) return 'refused'
  return asked.stdout.trim().split('\n').filter(Boolean).map(rowOf)
}

/** Its list of cards with their instances, as text; '' where it cannot be had. */
export async function listOfSmi(smi: string): Promise<string> {
  const asked = await runChild(smi, ['-L'], { timeoutMs: TIMEOUT_MS }).catch(() => null)
  return asked?.code === 0 ? asked.stdout : ''
}

/** An amount of memory in bytes: the tool states mebibytes. */
export function bytesOf(mebibytes: string | null | undefined): number | null {
  const value = Number(mebibytes ?? NaN)
  return Number.isFinite(value) ? value * MEBIBYTE : null
}

const rowOf = (line: string): SmiRow =>
  line.split(',').map((word) => {
    const value = word.trim()
    return value.startsWith('[') || value === '' ? null : value
  })
