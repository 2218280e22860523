import type { NumericValues } from '../hdf5/hdf5-values.ts'

const CODES: Readonly<Record<string, string>> = {
  Int8Array: '|i1',
  Uint8Array: '|u1',
  Int16Array: '<i2',
  Uint16Array: '<u2',
  Int32Array: '<i4',
  Uint32Array: '<u4',
  Float32Array: '<f4',
  Float64Array: '<f8',
}

/** Bytes of a version-1 .npy file: numbers of any of our widths, or text as fixed-width Unicode. */
export function encodeNpy(values: NumericValues | readonly string[], shape: readonly number[]): Uint8Array {
  if (!isText(values)) return joined(encodeNpyHeader(values, shape), asBytes(values))
  const { descr, data } = encodeText(values)
  return joined(header(descr, shape), data)
}

/** The header alone, for arrays whose values are written piece by piece; `like` gives the element type. */
export function encodeNpyHeader(like: NumericValues, shape: readonly number[]): Uint8Array {
  return header(CODES[like.constructor.name] ?? '', shape)
}

function header(descr: string, shape: readonly number[]): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`
  const padded = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11, ' ') + '\n' // data aligned to 64 bytes
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]
  return joined(Uint8Array.from(magic), new TextEncoder().encode(padded))
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length)
  out.set(a)
  out.set(b, a.length)
  return out
}

const isText = (values: NumericValues | readonly string[]): values is readonly string[] =>
  Array.isArray(values)

const asBytes = (values: NumericValues): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

function encodeText(values: readonly string[]): { descr: string; data: Uint8Array } {
  const points = values.map((text) => Array.from(text, (char) => char.codePointAt(0) ?? 0))
  const width = Math.max(1, ...points.map((codes) => codes.length))
  const out = new Uint32Array(values.length * width)
  points.forEach((codes, i) => out.set(codes, i * width))
  return { descr: `<U${width}`, data: new Uint8Array(out.buffer) }
}
