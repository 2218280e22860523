import type { NumericValues } from '../hdf5/hdf5-values.ts'
import { halfToFloat } from '../base/half-float.ts'

/** Element type of a NumPy array: b bool, i int, u uint, f float, U text (UCS-4), S bytes as text. */
export interface NumpyDtype {
  readonly kind: 'b' | 'i' | 'u' | 'f' | 'U' | 'S'
  readonly bytes: number
  readonly littleEndian: boolean
}

/** 64-bit integers come as doubles: exact up to 2^53, more than any id or count needs. */
export type NumpyValues = NumericValues | string[]

const SIZES: Readonly<Record<string, readonly number[]>> = {
  b: [1],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8],
}
const MAX_TEXT = 65_536

/** Parses a type string such as `<f4`, `|u1`, `>i8`, `<U12`; null when it is none we read (objects, dates, records). */
export function parseDtype(text: string): NumpyDtype | null {
  const match = /^([<>|=]?)([a-zA-Z?])(\d*)$/.exec(text)
  if (!match) return null
  const [, order = '', code = '', digits = ''] = match
  const kind = code === '?' ? 'b' : code
  const count = digits === '' ? (kind === 'b' ? 1 : 0) : Number(digits)
  const littleEndian = order !== '>'
  if (kind === 'U' || kind === 'S')
    return count <= MAX_TEXT ? { kind, bytes: kind === 'U' ? 4 * count : count, littleEndian } : null
  if (!SIZES[kind]?.includes(count)) return null
  return { kind: kind as NumpyDtype['kind'], bytes: count, littleEndian }
}

/** Name for messages: `float32`, `uint8`, `text`. */
export function dtypeName({ kind, bytes }: NumpyDtype): string {
  const names = { b: 'bool', i: 'int', u: 'uint', f: 'float', U: 'text', S: 'text' }
  return kind === 'b' || kind === 'U' || kind === 'S' ? names[kind] : `${names[kind]}${bytes * 8}`
}

/** Raw bytes of `count` elements as values. The bytes are not kept. */
export function decodeElements(dtype: NumpyDtype, bytes: Uint8Array, count: number): NumpyValues {
  if (dtype.kind === 'U' || dtype.kind === 'S')
    return Array.from({ length: count }, (_, i) => decodeText(dtype, bytes, i))
  const own = new Uint8Array(count * dtype.bytes) // aligned and ours
  own.set(bytes.subarray(0, own.length))
  if (!dtype.littleEndian) swapBytes(own, dtype.bytes)
  return numbers(dtype, own.buffer)
}

function numbers({ kind, bytes }: NumpyDtype, buffer: ArrayBuffer): NumericValues {
  switch (`${kind}${bytes}`) {
    case 'i1':
      return new Int8Array(buffer)
    case 'i2':
      return new Int16Array(buffer)
    case 'u2':
      return new Uint16Array(buffer)
    case 'i4':
      return new Int32Array(buffer)
    case 'u4':
      return new Uint32Array(buffer)
    case 'i8':
      return Float64Array.from(new BigInt64Array(buffer), Number)
    case 'u8':
      return Float64Array.from(new BigUint64Array(buffer), Number)
    case 'f2':
      return Float32Array.from(new Uint16Array(buffer), halfToFloat)
    case 'f4':
      return new Float32Array(buffer)
    case 'f8':
      return new Float64Array(buffer)
    default:
      return new Uint8Array(buffer) // u1 and b1
  }
}

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let i = 0; i + width <= bytes.length; i += width) bytes.subarray(i, i + width).reverse()
}

/** Fixed-width text ends at its trailing zeros. */
function decodeText(dtype: NumpyDtype, bytes: Uint8Array, index: number): string {
  const field = bytes.subarray(index * dtype.bytes, (index + 1) * dtype.bytes)
  if (dtype.kind === 'S') return Buffer.from(field).toString('latin1').replace(/\0+$/, '')
  const view = new DataView(field.buffer, field.byteOffset, field.byteLength)
  let text = ''
  for (let i = 0; i + 4 <= field.length; i += 4) {
    const code = view.getUint32(i, dtype.littleEndian)
    text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
  }
  return text.replace(/\0+$/, '')
}
