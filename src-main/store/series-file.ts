import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { KeySeries, Mark, RunSeries } from './run-series.ts'

/** Raised when the layout changes; another number means: build it anew. */
const VERSION = 1

/** A finished run's events in the form in which charts need them; derived from events.jsonl, may vanish at any time. */
export interface StoredSeries {
  readonly series: RunSeries
  readonly marks: readonly Mark[]
  readonly bad: number
  readonly torn: boolean
  /** Size of the events.jsonl that it was made from. */
  readonly bytes: number
}

interface Header {
  readonly version: number
  readonly bytes: number
  readonly bad: number
  readonly torn: boolean
  readonly rows: number
  readonly marks: readonly Mark[]
  readonly keys: readonly { readonly key: string; readonly count: number }[]
}

/** Layout: u32 header length, header JSON padded to 8, four float64 columns, then per key float64 values and u32 rows (padded to 8). */
export function writeSeries(path: string, stored: StoredSeries): void {
  const { series, ...rest } = stored
  const keys = [...series.keys].map(([key, at]) => ({ key, count: at.value.length }))
  const header: Header = { version: VERSION, rows: series.rows, keys, ...rest }
  const text = Buffer.from(JSON.stringify(header))
  const head = Buffer.alloc(roundUp(4 + text.length), 0x20)
  head.writeUInt32LE(text.length, 0)
  text.copy(head, 4)
  const parts = [head, ...[series.step, series.epoch, series.images, series.seconds].map(bytesOf)]
  for (const { value, rows } of series.keys.values()) parts.push(bytesOf(value), padded(rows))
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, Buffer.concat(parts))
    renameSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** The stored columns, or null when there are none for an events.jsonl of `bytes` bytes. */
export function readSeries(path: string, bytes: number): StoredSeries | null {
  try {
    return decode(readFileSync(path), bytes)
  } catch {
    return null // absent or damaged: it is built from the events again
  }
}

function decode(buffer: Buffer, bytes: number): StoredSeries | null {
  const length = buffer.readUInt32LE(0)
  const header = JSON.parse(buffer.toString('utf8', 4, 4 + length)) as Header
  if (header.version !== VERSION || header.bytes !== bytes) return null
  let at = roundUp(4 + length)
  // Views on the file's own memory, except where a pooled Buffer happens to begin in between.
  const aligned = buffer.byteOffset % 8 === 0 ? buffer : new Uint8Array(buffer)
  const take = <T>(
    count: number,
    width: number,
    view: (b: ArrayBuffer, offset: number, n: number) => T,
  ): T => {
    const begin = aligned.byteOffset + at
    at += roundUp(count * width)
    if (at > aligned.length + 7) throw new RangeError('the file is too short')
    return view(aligned.buffer as ArrayBuffer, begin, count)
  }
  const floats = (count: number): Float64Array => take(count, 8, (b, o, n) => new Float64Array(b, o, n))
  const counts = (count: number): Uint32Array => take(count, 4, (b, o, n) => new Uint32Array(b, o, n))
  const columns = {
    step: floats(header.rows),
    epoch: floats(header.rows),
    images: floats(header.rows),
    seconds: floats(header.rows),
  }
  const keys = new Map<string, KeySeries>()
  for (const { key, count } of header.keys) {
    const value = floats(count)
    keys.set(key, { value, rows: counts(count) })
  }
  const { marks, bad, torn } = header
  return { series: { rows: header.rows, ...columns, keys }, marks, bad, torn, bytes }
}

const roundUp = (n: number): number => Math.ceil(n / 8) * 8

const bytesOf = (array: Float64Array | Uint32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

function padded(rows: Uint32Array): Uint8Array {
  const out = new Uint8Array(roundUp(rows.byteLength))
  out.set(bytesOf(rows))
  return out
}
