import type { NamedArray } from '../../../engine/types.ts'
import type { ByteSource } from '../base/byte-source.ts'
import { halfToFloat } from '../base/half-float.ts'
import { invalidFile } from '../base/problem.ts'

export const TENSOR_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const

export type TensorDtype = keyof typeof TENSOR_BYTES

export const isTensorDtype = (value: unknown): value is TensorDtype =>
  typeof value === 'string' && Object.hasOwn(TENSOR_BYTES, value)

type Values = Pick<NamedArray, 'dtype' | 'data'>

/** Little-endian bytes of one tensor as float32, int32 or uint8; `start` is its place in the file, for messages. */
export function decodeTensor(
  source: ByteSource,
  name: string,
  dtype: TensorDtype,
  start: number,
  bytes: Uint8Array,
): Values {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const n = bytes.length / TENSOR_BYTES[dtype]
  const floats = (get: (at: number) => number): Values => ({
    dtype: 'float32',
    data: Float32Array.from({ length: n }, (_, i) => get(i * TENSOR_BYTES[dtype])),
  })
  const ints = (get: (at: number) => number): Values => ({
    dtype: 'int32',
    data: Int32Array.from({ length: n }, (_, i) => get(i * TENSOR_BYTES[dtype])),
  })
  switch (dtype) {
    case 'F32':
      return { dtype: 'float32', data: new Float32Array(aligned(bytes)) }
    case 'I32':
      return { dtype: 'int32', data: new Int32Array(aligned(bytes)) }
    case 'U8':
    case 'BOOL':
      return { dtype: 'uint8', data: bytes.slice() }
    case 'F64':
      return floats((at) => view.getFloat64(at, true))
    case 'F16':
      return floats((at) => halfToFloat(view.getUint16(at, true)))
    case 'BF16':
      return floats((at) => bfloatToFloat(view.getUint16(at, true)))
    case 'I16':
      return ints((at) => view.getInt16(at, true))
    case 'U16':
      return ints((at) => view.getUint16(at, true))
    case 'I8':
      return ints((at) => view.getInt8(at))
    case 'I64':
      return ints((at) => narrow(source, name, start + at, view.getBigInt64(at, true)))
  }
}

/** A copy in its own buffer, because typed arrays need aligned starts. All supported machines are little-endian. */
const aligned = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer

const word = new DataView(new ArrayBuffer(4))
function bfloatToFloat(bits: number): number {
  word.setUint32(0, bits << 16)
  return word.getFloat32(0)
}

function narrow(source: ByteSource, name: string, at: number, value: bigint): number {
  if (value === BigInt.asIntN(32, value)) return Number(value)
  throw invalidFile(source.name, at, `tensor "${name}" holds ${value}, which does not fit into 32 bits.`)
}
