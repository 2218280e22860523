import type { NamedArray, NamedArrays } from '../../../engine/types.ts'
import { writeFileAtomic } from '../../../disk/atomic-write.ts'
import { type ByteSource, bytesSource, openFile } from '../base/byte-source.ts'
import { decodeTensor, isTensorDtype, type TensorDtype, TENSOR_BYTES } from './safetensors-dtype.ts'
import { invalidFile, refusedFile } from '../base/problem.ts'

/** Limit of the reference implementation (huggingface safetensors): a larger header is an attack or an error. */
const MAX_HEADER = 100_000_000
const WRITTEN: Record<NamedArray['dtype'], TensorDtype> = { float32: 'F32', int32: 'I32', uint8: 'U8' }

export interface SafetensorsFile {
  readonly arrays: NamedArrays
  readonly metadata: Readonly<Record<string, string>>
}

interface Entry {
  readonly name: string
  readonly dtype: TensorDtype
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

/**
 * The bytes of a safetensors file: equal content gives equal bytes (widest element first, then by name; sorted keys).
 * Data starts on a multiple of 8 bytes.
 */
export function encodeSafetensors(
  arrays: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const entries = [...arrays].sort(
    ([nameA, a], [nameB, b]) =>
      b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0),
  )
  const header = Object.create(null) as Record<string, unknown> // no names of its own
  const keys = Object.keys(metadata).sort()
  if (keys.length > 0) header['__metadata__'] = Object.fromEntries(keys.map((key) => [key, metadata[key]]))
  let offset = 0
  for (const [name, array] of entries) {
    if (product(array.shape) !== array.data.length)
      throw new RangeError(
        `${name}: shape ${array.shape.join('x')} does not hold ${array.data.length} values`,
      )
    const end = offset + array.data.byteLength
    header[name] = { dtype: WRITTEN[array.dtype], shape: array.shape, data_offsets: [offset, end] }
    offset = end
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const padded = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20)
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true)
  padded.set(text, 8)
  return [
    padded,
    ...entries.map(([, a]) => new Uint8Array(a.data.buffer, a.data.byteOffset, a.data.byteLength)),
  ]
}

/** Writes tensors and string metadata; the file appears complete or not at all. */
export function writeSafetensors(
  path: string,
  arrays: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  return writeFileAtomic(path, encodeSafetensors(arrays, metadata))
}

/**
 * Reads a safetensors file. F64, F16 and BF16 become float32; I64, I16, I8 and U16 become int32 (values beyond are an
 * error); BOOL becomes uint8. CotrainError names file and byte for anything that does not add up.
 */
export function readSafetensors(path: string): SafetensorsFile {
  const source = openFile(path)
  try {
    return readFrom(source)
  } finally {
    source.close()
  }
}

/** As {@link readSafetensors}, from bytes; `name` is used in messages. */
export function decodeSafetensors(bytes: Uint8Array, name: string): SafetensorsFile {
  return readFrom(bytesSource(name, bytes))
}

function readFrom(source: ByteSource): SafetensorsFile {
  const headerLength = readHeaderLength(source)
  const json = parseHeader(source, headerLength)
  const start = 8 + headerLength
  const { metadata, entries } = parseEntries(source, json)
  checkCoverage(source, entries, source.size - start)
  const arrays = new Map<string, NamedArray>()
  for (const { name, dtype, shape, begin, end } of entries.sort((a, b) => (a.name < b.name ? -1 : 1)))
    arrays.set(name, {
      shape,
      ...decodeTensor(source, name, dtype, start + begin, source.read(start + begin, end - begin)),
    })
  return { arrays, metadata }
}

function readHeaderLength(source: ByteSource): number {
  const bytes = source.read(0, 8)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true))
  if (length > MAX_HEADER)
    throw refusedFile(
      source.name,
      0,
      `the header claims ${length} bytes, the limit is ${MAX_HEADER}.`,
      'This is not a safetensors file.',
    )
  if (8 + length > source.size)
    throw invalidFile(
      source.name,
      0,
      `the header claims ${length} bytes but the file has ${source.size}.`,
      'The file is truncated or is not a safetensors file.',
    )
  return length
}

function parseHeader(source: ByteSource, length: number): Record<string, unknown> {
  const wrong = (why: string): Error =>
    invalidFile(source.name, 8, `the header is not a JSON object: ${why}.`, 'The file is damaged.')
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(source.read(8, length)))
  } catch {
    throw wrong('it does not parse')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(`got ${describe(value)}`)
  return value as Record<string, unknown>
}

function parseEntries(
  source: ByteSource,
  json: Record<string, unknown>,
): { metadata: Record<string, string>; entries: Entry[] } {
  const metadata: Record<string, string> = {}
  const entries: Entry[] = []
  for (const [name, value] of Object.entries(json)) {
    if (name === '__metadata__') Object.assign(metadata, parseMetadata(source, value))
    else entries.push(parseEntry(source, name, value))
  }
  return { metadata, entries }
}

function parseMetadata(source: ByteSource, value: unknown): Record<string, string> {
  const strings = Object.entries(value ?? {}).filter(([key]) => key !== '__proto__')
  if (typeof value !== 'object' || strings.some(([, text]) => typeof text !== 'string'))
    throw invalidFile(source.name, '__metadata__', 'expected an object of strings.')
  return Object.fromEntries(strings)
}

function parseEntry(source: ByteSource, name: string, value: unknown): Entry {
  const wrong = (message: string): Error =>
    invalidFile(source.name, `tensor "${name}"`, message, 'The file is damaged.')
  if (typeof value !== 'object' || value === null) throw wrong(`expected an object, got ${describe(value)}.`)
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>
  if (!isTensorDtype(dtype)) throw wrong(`dtype ${describe(dtype)} is not supported.`)
  if (!isCounts(shape)) throw wrong('shape is not a list of counts.')
  if (!isCounts(offsets) || offsets.length !== 2) throw wrong('data_offsets is not a pair of byte positions.')
  const [begin, end] = offsets as [number, number]
  const expected = product(shape) * TENSOR_BYTES[dtype]
  if (end - begin !== expected)
    throw wrong(
      `shape ${shape.join('x')} of ${dtype} needs ${expected} bytes, data_offsets give ${end - begin}.`,
    )
  return { name, dtype, shape, begin, end }
}

/** Tensors must cover the data exactly: gaps can hide content, overlaps multiply a small file. */
function checkCoverage(source: ByteSource, entries: readonly Entry[], dataLength: number): void {
  let at = 0
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at)
      throw invalidFile(
        source.name,
        `tensor "${name}"`,
        `expected its data at ${at}, got ${begin}.`,
        'The file is damaged.',
      )
    at = end
  }
  if (at !== dataLength)
    throw invalidFile(
      source.name,
      null,
      `the tensors need ${at} bytes of data, the file has ${dataLength}.`,
      'The file is truncated or damaged.',
    )
}

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= 32 && value.every((n) => Number.isSafeInteger(n) && n >= 0)

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

const describe = (value: unknown): string =>
  typeof value === 'string' ? `"${value.slice(0, 40)}"` : Array.isArray(value) ? 'a list' : typeof value
