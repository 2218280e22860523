import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { CurvePlace } from '../../../src-shared/contract/run.ts'
import type { KeySeries, Mark, RunSeries } from './run-series.ts'
import { PLACES } from './run-series.ts'

/** Raised when the layout changes; another number means: build it anew. */
const VERSION = 2

/** A run's events in the form in which charts need them; derived from events.jsonl, may vanish at any time. */
export interface StoredSeries {
  /** With the columns of the keys that were asked for. */
  readonly series: RunSeries
  /** All metrics of the run, read or not. */
  readonly names: readonly string[]
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

/** Layout: u32 header length, header JSON padded to 8, five float64 columns, then per key float64 values and u32 rows (padded to 8). */
export function writeSeries(path: string, stored: Omit<StoredSeries, 'names'>): void {
  const { series, marks, bad, torn, bytes } = stored
  const keys = [...series.keys].map(([key, at]) => ({ key, count: at.value.length }))
  const header = { version: VERSION, rows: series.rows, keys, marks, bad, torn, bytes } as Header
  const text = Buffer.from(JSON.stringify(header))
  const head = Buffer.alloc(roundUp(4 + text.length), 0x20)
  head.writeUInt32LE(text.length, 0)
  text.copy(head, 4)
  const parts = [head, ...PLACES.map((place) => bytesOf(series[place]))]
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

/**
 * The stored columns of some metrics and places (of all unless named), or null when there are none for an events.jsonl of `bytes` bytes.
 * Only what is wanted is read: one metric of thousands costs as much as one of ten. Places that are not come empty.
 */
export function readSeries(
  path: string,
  bytes: number,
  wanted?: ReadonlySet<string>,
  places?: ReadonlySet<CurvePlace>,
): StoredSeries | null {
  let fd: number | undefined
  try {
    fd = openSync(path, 'r')
    return decode(fd, bytes, wanted, places)
  } catch {
    return null // absent or damaged: it is built from the events again
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

/** Whether there are columns for an events.jsonl of `bytes` bytes. */
export const hasSeries = (path: string, bytes: number): boolean => readSeries(path, bytes, new Set()) !== null

function decode(
  fd: number,
  bytes: number,
  wanted?: ReadonlySet<string>,
  wantedPlaces?: ReadonlySet<CurvePlace>,
): StoredSeries | null {
  const length = new DataView(part(fd, 0, 4)).getUint32(0, true)
  if (length > fstatSync(fd).size) return null
  const header = JSON.parse(Buffer.from(part(fd, 4, length)).toString('utf8')) as Header
  if (header.version !== VERSION || header.bytes !== bytes) return null
  let at = roundUp(4 + length)
  const skip = (size: number): number => {
    const from = at
    at += roundUp(size)
    return from
  }
  const column = (place: CurvePlace): Float64Array => {
    const from = skip(header.rows * 8)
    const isWanted = wantedPlaces?.has(place) ?? wanted?.size !== 0
    return new Float64Array(part(fd, from, isWanted ? header.rows * 8 : 0))
  }
  // In the order of the file.
  const [step, epoch, images, seconds, elapsed] = PLACES.map(column) as Five<Float64Array>
  const keys = new Map<string, KeySeries>()
  for (const { key, count } of header.keys) {
    const [value, rows] = [skip(count * 8), skip(count * 4)]
    if (wanted?.has(key) === false) continue
    keys.set(key, {
      value: new Float64Array(part(fd, value, count * 8)),
      rows: new Uint32Array(part(fd, rows, count * 4)),
    })
  }
  const { marks, bad, torn } = header
  const series = { rows: header.rows, step, epoch, images, seconds, elapsed, keys }
  return { series, names: header.keys.map(({ key }) => key), marks, bad, torn, bytes }
}

type Five<T> = [T, T, T, T, T]

/** A part of the file in memory of its own, so that arrays on it are aligned. */
function part(fd: number, from: number, size: number): ArrayBuffer {
  const buffer = new ArrayBuffer(size)
  for (let done = 0; done < size;) {
    const count = readSync(fd, new Uint8Array(buffer, done), 0, size - done, from + done)
    if (count === 0) throw new RangeError('the file is too short')
    done += count
  }
  return buffer
}

const roundUp = (n: number): number => Math.ceil(n / 8) * 8

const bytesOf = (array: Float64Array | Uint32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

function padded(rows: Uint32Array): Uint8Array {
  const out = new Uint8Array(roundUp(rows.byteLength))
  out.set(bytesOf(rows))
  return out
}
