/** A numeric array as MATLAB stores it: first axis fastest. */
export interface MatNumbers {
  readonly shape: readonly number[]
  readonly columnMajor: Float64Array | Uint8Array
}

const CLASS = { double: 6, uint8: 9 }
const TYPE = { uint8: 2, double: 9 }

/** A MATLAB 5 file, as `save` without -v7.3 and without compression writes it. */
export function encodeMat5(arrays: Readonly<Record<string, MatNumbers>>): Uint8Array {
  const header = Buffer.alloc(128, 32)
  header.write('MATLAB 5.0 MAT-file, made for a test')
  header.writeUInt16LE(0x0100, 124)
  header.write('IM', 126)
  return Uint8Array.from(
    Buffer.concat([header, ...Object.entries(arrays).map(([name, array]) => matrix(name, array))]),
  )
}

function matrix(name: string, { shape, columnMajor }: MatNumbers): Buffer {
  const isBytes = columnMajor instanceof Uint8Array
  const flags = Buffer.alloc(8)
  flags.writeUInt32LE(isBytes ? CLASS.uint8 : CLASS.double, 0)
  const dims = Buffer.alloc(4 * shape.length)
  shape.forEach((size, i) => dims.writeInt32LE(size, 4 * i))
  const values = Buffer.from(columnMajor.buffer, columnMajor.byteOffset, columnMajor.byteLength)
  const parts = [
    element(6, flags),
    element(5, dims),
    element(1, Buffer.from(name, 'latin1')),
    element(isBytes ? TYPE.uint8 : TYPE.double, values),
  ]
  return element(14, Buffer.concat(parts))
}

function element(type: number, content: Buffer): Buffer {
  const tag = Buffer.alloc(8)
  tag.writeUInt32LE(type, 0)
  tag.writeUInt32LE(content.length, 4)
  return Buffer.concat([tag, content, Buffer.alloc((8 - (content.length % 8)) % 8)])
}
