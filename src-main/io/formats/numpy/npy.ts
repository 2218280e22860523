import type { ByteSource } from '../base/byte-source.ts'
import { bytesSource, withFile } from '../base/byte-source.ts'
import { decodeElements, type NumpyDtype, type NumpyValues, parseDtype } from './numpy-dtype.ts'
import { invalidFile, refusedFile } from '../base/problem.ts'
import { toRowMajor } from './row-major.ts'

export interface NpyHeader {
  readonly dtype: NumpyDtype
  readonly shape: readonly number[]
  readonly fortranOrder: boolean
  /** Byte at which the values start. */
  readonly dataStart: number
  readonly count: number
}

/** An array in row-major order. */
export interface NpyArray {
  readonly dtype: NumpyDtype
  readonly shape: readonly number[]
  readonly values: NumpyValues
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] // \x93NUMPY
const MAX_HEADER = 65_536
const MAX_RANK = 32
const HINT = 'Save it again with numpy.save.'

/** Reads and checks the header: the values it promises must be in the file, exactly, before anything is reserved. */
export function readNpyHeader(source: ByteSource): NpyHeader {
  const magic = source.read(0, 8)
  const wrong = MAGIC.findIndex((byte, i) => magic[i] !== byte)
  if (wrong >= 0) throw invalidFile(source.name, wrong, 'not a .npy file.', HINT)
  const version = magic[6]!
  if (version < 1 || version > 3)
    throw invalidFile(source.name, 6, `version ${version} of the format is not known.`, HINT)
  const lengthBytes = version === 1 ? 2 : 4
  const field = source.read(8, lengthBytes)
  const length = field.reduceRight((sum, byte) => sum * 256 + byte, 0)
  if (length > MAX_HEADER)
    throw refusedFile(source.name, 8, `the header claims ${length} bytes, the limit is ${MAX_HEADER}.`)
  const start = 8 + lengthBytes
  const text = Buffer.from(source.read(start, length)).toString(version === 3 ? 'utf8' : 'latin1')
  return checkExtent(source, { ...parseHeader(source.name, start, text), dataStart: start + length })
}

function parseHeader(name: string, at: number, text: string): Omit<NpyHeader, 'dataStart' | 'count'> {
  const descr = /['"]descr['"]\s*:\s*(['"])([^'"]*)\1/.exec(text)?.[2]
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1]
  const axes = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1]
  if (descr === undefined || order === undefined || axes === undefined)
    throw invalidFile(
      name,
      at,
      /['"]descr['"]\s*:\s*\[/.test(text)
        ? 'holds records, expected plain numbers.'
        : 'the header does not parse.',
      HINT,
    )
  const dtype = parseDtype(descr)
  if (descr.includes('O'))
    throw refusedFile(name, at, 'holds Python objects, which are never read.', 'Save plain numbers.')
  if (dtype === null) throw invalidFile(name, at, `element type "${descr}" is not supported.`, HINT)
  const shape = axes
    .split(',')
    .map((axis) => axis.trim().replace(/L$/, ''))
    .filter((axis) => axis !== '')
    .map(Number)
  return { dtype, shape, fortranOrder: order === 'True' }
}

function checkExtent(source: ByteSource, header: Omit<NpyHeader, 'count'>): NpyHeader {
  const { shape, dtype, dataStart } = header
  const count = shape.reduce((a, b) => a * b, 1)
  const bytes = count * dtype.bytes
  if (shape.length > MAX_RANK || !Number.isSafeInteger(bytes))
    throw refusedFile(source.name, 8, `its shape (${shape.join(', ')}) is beyond all limits.`)
  if (dataStart + bytes > source.size)
    throw invalidFile(
      source.name,
      source.size,
      `shape (${shape.join(', ')}) needs ${bytes} bytes of values, the file has ${source.size - dataStart}.`,
      'The file is truncated: copy it again.',
    )
  return { ...header, count }
}

/** Rows `first` .. `first + count` of the first axis, in row-major order. Only these bytes are read unless the order is Fortran's. */
export function readNpyRows(
  source: ByteSource,
  header: NpyHeader,
  first: number,
  count: number,
): NumpyValues {
  const rows = header.shape[0] ?? 1
  if (first < 0 || count < 0 || first + count > rows)
    throw invalidFile(
      source.name,
      null,
      `rows ${first} to ${first + count} were asked for, there are ${rows}.`,
    )
  const each = rows === 0 ? 0 : header.count / rows
  if (header.fortranOrder && header.shape.length > 1) {
    const all = readAll(source, header)
    return all.slice(first * each, (first + count) * each)
  }
  const bytes = source.read(
    header.dataStart + first * each * header.dtype.bytes,
    count * each * header.dtype.bytes,
  )
  return decodeElements(header.dtype, bytes, count * each)
}

function readAll(source: ByteSource, header: NpyHeader): NumpyValues {
  const bytes = source.read(header.dataStart, header.count * header.dtype.bytes)
  const values = decodeElements(header.dtype, bytes, header.count)
  return header.fortranOrder ? toRowMajor(values, header.shape) : values
}

/** The whole array of an open source. */
export function readNpyFrom(source: ByteSource): NpyArray {
  const header = readNpyHeader(source)
  return { dtype: header.dtype, shape: header.shape, values: readAll(source, header) }
}

/** The whole array of a .npy file. */
export const readNpy = (path: string): NpyArray => withFile(path, readNpyFrom)

/** The whole array of a .npy file in memory. */
export const decodeNpy = (bytes: Uint8Array, name: string): NpyArray => readNpyFrom(bytesSource(name, bytes))
