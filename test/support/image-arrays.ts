import { encodeNpy } from '../../src-main/io/formats/numpy/npy-write.ts'
import type { NumericValues } from '../../src-main/io/formats/hdf5/hdf5-values.ts'
import { writeZip } from '../../src-main/io/formats/zip/zip-write.ts'

export interface WrittenArray {
  readonly values: NumericValues
  readonly shape: readonly number[]
  /** Written as NumPy's bool. */
  readonly isBool?: boolean
}

/** An .npz of named arrays, as numpy.savez writes it. */
export function writeNpz(path: string, arrays: Readonly<Record<string, WrittenArray>>): Promise<void> {
  return writeZip(
    path,
    Object.entries(arrays).map(([name, array]) => ({ name: `${name}.npy`, parts: () => [npyBytes(array)] })),
  )
}

/** A .npy file as numpy.save writes it. */
export function npyBytes({ values, shape, isBool = false }: WrittenArray): Uint8Array {
  const bytes = encodeNpy(values, shape)
  if (!isBool) return bytes
  const at = Buffer.from(bytes.buffer).indexOf('|u1')
  bytes.set(Buffer.from('|b1'), at)
  return bytes
}

/** Grey levels in every element type that the field stores images in; booleans where they are black and white. */
export function everyElementType(levels: Uint8Array): Readonly<Record<string, Omit<WrittenArray, 'shape'>>> {
  const isBinary = levels.every((level) => level === 0 || level === 255)
  return {
    uint8: { values: levels },
    uint16: { values: Uint16Array.from(levels, (level) => level * 257) },
    int64_levels: { values: Int32Array.from(levels) },
    unit_float32: { values: Float32Array.from(levels, (level) => level / 255) },
    unit_float64: { values: Float64Array.from(levels, (level) => level / 255) },
    float32_levels: { values: Float32Array.from(levels) },
    ...(isBinary && { bool: { values: levels.map((level) => level / 255), isBool: true } }),
  }
}
