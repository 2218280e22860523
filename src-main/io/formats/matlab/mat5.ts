import { constants, inflateSync } from 'node:zlib'
import { type ByteSource, bytesSource } from '../base/byte-source.ts'
import { MAX_DEFLATE_RATIO } from '../base/gzip.ts'
import type { NumericValues } from '../hdf5/hdf5-values.ts'
import { decodeElements, type NumpyDtype } from '../numpy/numpy-dtype.ts'
import { invalidFile, refusedFile } from '../base/problem.ts'

/** A numeric array of a MATLAB v5 file, in the order MATLAB stores it: first axis fastest. */
export interface MatArray {
  readonly name: string
  readonly shape: readonly number[]
  readonly columnMajor: NumericValues
}

const HEADER_BYTES = 128
const COMPRESSED = 15
const MATRIX = 14
const MAX_ARRAY_BYTES = 2 ** 31
/** Array classes 6..15 are double, single, int8 .. uint64; 1..5 are cells, structs, objects, text, sparse. */
const FIRST_NUMERIC = 6
const LAST_NUMERIC = 15
const COMPLEX = 0x0800
/** Stored element type -> how to read it. */
const STORAGE: Readonly<Record<number, Pick<NumpyDtype, 'kind' | 'bytes'>>> = {
  1: { kind: 'i', bytes: 1 },
  2: { kind: 'u', bytes: 1 },
  3: { kind: 'i', bytes: 2 },
  4: { kind: 'u', bytes: 2 },
  5: { kind: 'i', bytes: 4 },
  6: { kind: 'u', bytes: 4 },
  7: { kind: 'f', bytes: 4 },
  9: { kind: 'f', bytes: 8 },
  12: { kind: 'i', bytes: 8 },
  13: { kind: 'u', bytes: 8 },
  16: { kind: 'u', bytes: 1 },
  17: { kind: 'u', bytes: 2 },
  18: { kind: 'u', bytes: 4 },
}

/** Reads the named numeric arrays of a MATLAB file of version 5 (the default of `save` without -v7.3). */
export function readMat5From(source: ByteSource, wanted: readonly string[]): ReadonlyMap<string, MatArray> {
  const found = new Map<string, MatArray>()
  eachMatrix(source, (element, little) => {
    const array = readMatrix(element, little, wanted)
    if (array) found.set(array.name, array)
  })
  const missing = wanted.find((name) => !found.has(name))
  if (missing !== undefined)
    throw invalidFile(
      source.name,
      null,
      `has no numeric array named "${missing}".`,
      `Expected ${wanted.join(' and ')}.`,
    )
  return found
}

/** Visits the matrices of the file, inflated where they are compressed. `little`: the byte order of the file. */
export function eachMatrix(source: ByteSource, visit: (element: Element, little: boolean) => void): void {
  const little = checkHeader(source)
  for (let at = HEADER_BYTES; at < source.size;) {
    const tag = readTag(source, at, little)
    if (tag.type === MATRIX) visit({ content: source, at: tag.dataAt, end: tag.dataAt + tag.bytes }, little)
    if (tag.type === COMPRESSED) visit(inflateElement(source, tag, little), little)
    at = tag.next
  }
}

/** Whether a file has the header of MATLAB v5 (versions 5 to 7.2), told by content. */
export function isMat5(source: ByteSource): boolean {
  if (source.size < HEADER_BYTES) return false
  const head = source.read(124, 4)
  return (
    (head[2] === 0x49 && head[3] === 0x4d && head[1] === 1) ||
    (head[2] === 0x4d && head[3] === 0x49 && head[0] === 1)
  )
}

function checkHeader(source: ByteSource): boolean {
  const head = source.read(0, HEADER_BYTES)
  const order = String.fromCharCode(head[126]!, head[127]!) // 128 bytes were read
  const little = order === 'IM'
  if (!little && order !== 'MI')
    throw invalidFile(
      source.name,
      126,
      'not a MATLAB v5 file.',
      'Files saved with -v7.3 are HDF5: import them as such.',
    )
  const version = new DataView(head.buffer, head.byteOffset, HEADER_BYTES).getUint16(124, little)
  if (version !== 0x0100)
    throw invalidFile(
      source.name,
      124,
      `expected version 0x100, got 0x${version.toString(16)}.`,
      'Files saved with -v7.3 are HDF5: import them as such.',
    )
  return little
}

export interface Tag {
  readonly type: number
  readonly bytes: number
  readonly dataAt: number
  readonly next: number
}

/** Elements of up to 4 bytes have a short form with type and length in one word. */
export function readTag(source: ByteSource, at: number, little: boolean): Tag {
  const head = source.read(at, 8)
  const view = new DataView(head.buffer, head.byteOffset, 8)
  const first = view.getUint32(0, little)
  if (first >>> 16 !== 0) return { type: first & 0xffff, bytes: first >>> 16, dataAt: at + 4, next: at + 8 }
  const bytes = view.getUint32(4, little)
  if (at + 8 + bytes > source.size)
    throw invalidFile(
      source.name,
      at,
      `an element of ${bytes} bytes does not fit into the file.`,
      'The file is truncated.',
    )
  const padded = first === COMPRESSED ? bytes : Math.ceil(bytes / 8) * 8
  return { type: first, bytes, dataAt: at + 8, next: at + 8 + padded }
}

export interface Element {
  readonly content: ByteSource
  readonly at: number
  readonly end: number
}

/** Inflates one element; its own tag states the size, read before memory is reserved for the rest. */
function inflateElement(source: ByteSource, tag: Tag, little: boolean): Element {
  const packed = source.read(tag.dataAt, tag.bytes)
  const head = inflate(source.name, tag.dataAt, packed.subarray(0, 4096), 65_536 * 64, true)
  if (head.length < 8) throw invalidFile(source.name, tag.dataAt, 'a compressed element is damaged.')
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const bytes = view.getUint32(4, little)
  if (view.getUint32(0, little) !== MATRIX) return { content: bytesSource(source.name, head), at: 0, end: 0 }
  if (bytes > MAX_ARRAY_BYTES || bytes > packed.length * MAX_DEFLATE_RATIO)
    throw refusedFile(
      source.name,
      tag.dataAt,
      `claims ${bytes} bytes from ${packed.length}.`,
      'The file is damaged.',
    )
  const content = bytesSource(source.name, inflate(source.name, tag.dataAt, packed, bytes + 8, false))
  return { content, at: 8, end: Math.min(content.size, 8 + bytes) }
}

function inflate(file: string, at: number, packed: Uint8Array, limit: number, partial: boolean): Uint8Array {
  try {
    return inflateSync(packed, {
      maxOutputLength: limit,
      ...(partial && { finishFlush: constants.Z_SYNC_FLUSH }),
    })
  } catch {
    throw invalidFile(file, at, 'a compressed element is damaged.', 'Copy or download the file again.')
  }
}

function readMatrix(
  { content, at, end }: Element,
  little: boolean,
  wanted: readonly string[],
): MatArray | null {
  const parts: Tag[] = []
  for (let next = at; next + 8 <= end && parts.length < 4;) {
    const tag = readTag(content, next, little)
    parts.push(tag)
    next = tag.next
  }
  const [flags, dims, label, real] = parts
  if (!flags || !dims || !label || !real || flags.bytes < 8) return null
  const name = Buffer.from(content.read(label.dataAt, label.bytes)).toString('latin1')
  if (!wanted.includes(name)) return null
  const word = view32(content, flags.dataAt, little)
  const kind = word & 0xff
  if (kind < FIRST_NUMERIC || kind > LAST_NUMERIC || word & COMPLEX)
    throw invalidFile(content.name, name, 'is not an array of real numbers.')
  const shape = Array.from({ length: dims.bytes / 4 }, (_, i) => view32(content, dims.dataAt + 4 * i, little))
  return { name, shape, columnMajor: readReal(content, name, real, shape, little) }
}

export const view32 = (source: ByteSource, at: number, little: boolean): number => {
  const bytes = source.read(at, 4)
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, little)
}

export function readReal(
  content: ByteSource,
  name: string,
  tag: Tag,
  shape: readonly number[],
  littleEndian: boolean,
): NumericValues {
  const storage = STORAGE[tag.type]
  const count = shape.reduce((a, b) => a * b, 1)
  if (!storage) throw invalidFile(content.name, name, `stored as type ${tag.type}, which is not known.`)
  if (count * storage.bytes !== tag.bytes)
    throw invalidFile(
      content.name,
      name,
      `shape ${shape.join(' x ')} needs ${count * storage.bytes} bytes, got ${tag.bytes}.`,
      'The file is damaged.',
    )
  const bytes = content.read(tag.dataAt, tag.bytes)
  return decodeElements({ ...storage, littleEndian }, bytes, count) as NumericValues // storage types are numeric
}
