/** A numeric array as MATLAB stores it: first axis fastest. */
export interface MatNumbers {
  readonly shape: readonly number[]
  readonly columnMajor: Float64Array | Uint8Array
}

/** A char matrix: its codes column by column, in the stored type that the number names (4: uint16, 16: UTF-8, ...). */
export interface MatText {
  readonly shape: readonly number[]
  readonly storedAs: number
  readonly codes: Int8Array | Uint8Array | Uint16Array | Uint32Array
}

const CLASS = { char: 4, double: 6, uint8: 9 }
const TYPE = { uint8: 2, double: 9 }

/** A MATLAB 5 file, as `save` without -v7.3 and without compression writes it. */
export function encodeMat5(arrays: Readonly<Record<string, MatNumbers | MatText>>): Uint8Array {
  const header = Buffer.alloc(128, 32)
  header.write('MATLAB 5.0 MAT-file, made for a test')
  header.writeUInt16LE(0x0100, 124)
  header.write('IM', 126)
  return Uint8Array.from(
    Buffer.concat([header, ...Object.entries(arrays).map(([name, array]) => matrix(name, array))]),
  )
}

function matrix(name: string, array: MatNumbers | MatText): Buffer {
  const flags = Buffer.alloc(8)
  flags.writeUInt32LE(classOf(array), 0)
  const dims = Buffer.alloc(4 * array.shape.length)
  array.shape.forEach((size, i) => dims.writeInt32LE(size, 4 * i))
  const { buffer, byteOffset, byteLength } = 'codes' in array ? array.codes : array.columnMajor
  const parts = [
    element(6, flags),
    element(5, dims),
    element(1, Buffer.from(name, 'latin1')),
    element(typeOf(array), Buffer.from(buffer, byteOffset, byteLength)),
  ]
  return element(14, Buffer.concat(parts))
}

const classOf = (array: MatNumbers | MatText): number =>
  'codes' in array ? CLASS.char : array.columnMajor instanceof Uint8Array ? CLASS.uint8 : CLASS.double
const typeOf = (array: MatNumbers | MatText): number =>
  'codes' in array ? array.storedAs : array.columnMajor instanceof Uint8Array ? TYPE.uint8 : TYPE.double

function element(type: number, content: Buffer): Buffer {
  const tag = Buffer.alloc(8)
  tag.writeUInt32LE(type, 0)
  tag.writeUInt32LE(content.length, 4)
  return Buffer.concat([tag, content, Buffer.alloc((8 - (content.length % 8)) % 8)])
}
