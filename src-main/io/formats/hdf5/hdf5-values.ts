import type * as hl from 'h5wasm/node'
import type { Hdf5Module } from './hdf5-library.ts'
import { halfToFloat } from '../base/half-float.ts'
import { invalidFile } from '../base/problem.ts'

/** Element types we tell apart; `other` (compound, opaque, reference, ...) can be listed but not read. */
export type Hdf5Kind = 'int' | 'uint' | 'float' | 'string' | 'reference' | 'other'

export type NumericValues =
  Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array
/** Numbers in their own width (64-bit integers as doubles), or strings; references as their raw bytes in hex. */
export type Hdf5Values = NumericValues | string[]

const INTEGER = 0
const FLOAT = 1
const STRING = 3
const REFERENCE = 7
const ENUM = 8

/** Which of our kinds a stored type is. Enumerations count as their integers (booleans are stored so). */
export function elementKind(type: Pick<hl.Metadata, 'type' | 'signed' | 'vlen'>): Hdf5Kind {
  if (type.type === INTEGER || type.type === ENUM) return type.signed ? 'int' : 'uint'
  if (type.type === FLOAT) return 'float'
  if (type.type === STRING) return 'string'
  return type.type === REFERENCE ? 'reference' : 'other'
}

/** Little-endian bytes of the library's memory as values. */
export function decodeValues(
  module: Hdf5Module,
  file: string,
  at: string,
  type: hl.Metadata,
  bytes: Uint8Array,
): Hdf5Values {
  switch (elementKind(type)) {
    case 'int':
    case 'uint':
      return integers(file, at, type, bytes)
    case 'float':
      return floats(file, at, type, bytes)
    case 'string':
      return type.vlen ? pointedStrings(module, type, bytes) : fixedStrings(type, bytes)
    case 'reference':
      return blocks(bytes, type.size).map((block) => Buffer.from(block).toString('hex'))
    case 'other':
      throw invalidFile(
        file,
        at,
        'holds compound or opaque values, expected numbers or text.',
        'Choose another array.',
      )
  }
}

function integers(
  file: string,
  at: string,
  { size, signed }: hl.Metadata,
  { buffer }: Uint8Array,
): NumericValues {
  if (size === 1) return signed ? new Int8Array(buffer) : new Uint8Array(buffer)
  if (size === 2) return signed ? new Int16Array(buffer) : new Uint16Array(buffer)
  if (size === 4) return signed ? new Int32Array(buffer) : new Uint32Array(buffer)
  if (size === 8)
    return Float64Array.from(signed ? new BigInt64Array(buffer) : new BigUint64Array(buffer), Number)
  throw invalidFile(file, at, `integers of ${size} bytes are not supported.`)
}

function floats(file: string, at: string, { size }: hl.Metadata, { buffer }: Uint8Array): NumericValues {
  if (size === 2) return Float32Array.from(new Uint16Array(buffer), halfToFloat)
  if (size === 4) return new Float32Array(buffer)
  if (size === 8) return new Float64Array(buffer)
  throw invalidFile(file, at, `floating-point numbers of ${size} bytes are not supported.`)
}

function pointedStrings(module: Hdf5Module, type: hl.Metadata, bytes: Uint8Array): string[] {
  const read = type.cset === 1 ? module.UTF8ToString : module.AsciiToString
  return Array.from(new Uint32Array(bytes.buffer), (pointer) => (pointer === 0 ? '' : read(pointer)))
}

function fixedStrings(type: hl.Metadata, bytes: Uint8Array): string[] {
  const decoder = new TextDecoder()
  return blocks(bytes, type.size).map((block) => {
    const end = block.indexOf(0)
    return decoder.decode(end < 0 ? block : block.subarray(0, end))
  })
}

function blocks(bytes: Uint8Array, size: number): Uint8Array[] {
  if (size === 0) return []
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  )
}
