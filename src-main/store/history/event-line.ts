import { crc32 } from 'node:zlib'
import type { RunEvent } from '../../../src-shared/contract/run.ts'
import { runEvent } from '../../../src-shared/contract/run.ts'

/** One line of events.jsonl: `["<crc32 of the record's text>",<record>]`, itself JSON. */
export function encodeEvent(event: RunEvent): string {
  const text = JSON.stringify(event)
  return `["${checksum(text)}",${text}]\n`
}

/** `["` + 8 digits + `",` */
const PREFIX = 12

/** The record of a line without its line break; null when it is torn, garbled or of an unknown kind. */
export function decodeEvent(line: string): RunEvent | null {
  if (
    line.length < PREFIX + 3 ||
    !line.startsWith('["') ||
    line.slice(10, PREFIX) !== '",' ||
    !line.endsWith(']')
  )
    return null
  const text = line.slice(PREFIX, -1)
  if (line.slice(2, 10) !== checksum(text)) return null
  try {
    const value: unknown = JSON.parse(text)
    // The checksum vouches for the text; of a metrics record (nearly every line) the full check would triple the time.
    if (isMetrics(value)) return value
    const parsed = runEvent.safeParse(value)
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function isMetrics(value: unknown): value is Extract<RunEvent, { kind: 'metrics' }> {
  const event = value as Partial<Extract<RunEvent, { kind: 'metrics' }>> | null
  return event?.kind === 'metrics' && typeof event.step === 'number' && typeof event.values === 'object'
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0')
