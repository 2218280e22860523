import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { NamedArray } from '../../../../../../src-main/engine/types.ts'
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  writeSafetensors,
} from '../../../../../../src-main/io/formats/tensors/safetensors.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const sample = new Map<string, NamedArray>([
  ['mask', { shape: [3], dtype: 'uint8', data: Uint8Array.of(1, 0, 255) }],
  ['core.weight', { shape: [2, 2], dtype: 'float32', data: Float32Array.of(1.5, NaN, -Infinity, 1e-40) }],
  ['step', { shape: [], dtype: 'int32', data: Int32Array.of(-7) }],
  ['empty', { shape: [0, 4], dtype: 'float32', data: new Float32Array(0) }],
])

function file(header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const out = new Uint8Array(8 + text.length + data.length)
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true)
  out.set(text, 8)
  out.set(data, 8 + text.length)
  return out
}

const failure = async (bytes: Uint8Array): Promise<string> => {
  const { path, message } = await problemOf(() => decodeSafetensors(bytes, 'x.safetensors'))
  return `${path}: ${message}`
}

test('reads back what it wrote, bit by bit, with metadata', async () => {
  const path = join(folder, 'a.safetensors')
  await writeSafetensors(path, sample, { format: 'cotrain', epoch: '3' })
  const { arrays, metadata } = readSafetensors(path)
  expect(metadata).toEqual({ format: 'cotrain', epoch: '3' })
  expect([...arrays.keys()]).toEqual(['core.weight', 'empty', 'mask', 'step'])
  for (const [name, array] of sample) expect(arrays.get(name)).toEqual(array)
  expect(readdirSync(folder)).toEqual(['a.safetensors'])
})

test('equal content gives equal bytes whatever the insertion order', () => {
  const reversed = new Map([...sample].reverse())
  const a = Buffer.concat(encodeSafetensors(sample, { b: '1', a: '2' }))
  const b = Buffer.concat(encodeSafetensors(reversed, { a: '2', b: '1' }))
  expect(a.equals(b)).toBe(true)
})

test('a failed write keeps the former file and leaves nothing beside it', async () => {
  const path = join(folder, 'a.safetensors')
  const before = readFileSync(path)
  const broken = { shape: [3], dtype: 'float32', data: new Float32Array(2) } as const
  expect(() => writeSafetensors(path, new Map([['w', broken]]))).toThrow('w: shape 3 does not hold 2 values')
  const missing = await problemOf(() => writeSafetensors(join(folder, 'no', 'b.safetensors'), sample))
  expect(missing.code).toBe('file-missing')
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(readdirSync(folder)).toEqual(['a.safetensors'])
})

test('widens or narrows the element types of other writers', () => {
  const data = new Uint8Array(8 + 8 + 4 + 4)
  const view = new DataView(data.buffer)
  view.setFloat64(0, 0.1, true)
  view.setBigInt64(8, -5n, true)
  view.setUint16(16, 0x3c00, true) // half 1
  view.setUint16(18, 0xc000, true) // half -2
  view.setUint16(20, 0x3f80, true) // bfloat 1
  view.setUint16(22, 0xbfc0, true) // bfloat -1.5
  const { arrays } = decodeSafetensors(
    file(
      {
        d: { dtype: 'F64', shape: [1], data_offsets: [0, 8] },
        l: { dtype: 'I64', shape: [1], data_offsets: [8, 16] },
        h: { dtype: 'F16', shape: [2], data_offsets: [16, 20] },
        b: { dtype: 'BF16', shape: [2], data_offsets: [20, 24] },
      },
      data,
    ),
    'x',
  )
  expect(arrays.get('d')?.data).toEqual(Float32Array.of(0.1))
  expect(arrays.get('l')).toEqual({ shape: [1], dtype: 'int32', data: Int32Array.of(-5) })
  expect(arrays.get('h')?.data).toEqual(Float32Array.of(1, -2))
  expect(arrays.get('b')?.data).toEqual(Float32Array.of(1, -1.5))
})

test('names file and place of what does not add up', async () => {
  const one = { dtype: 'F32', shape: [1], data_offsets: [0, 4] }
  expect(await failure(new Uint8Array(3))).toBe(
    'x.safetensors, byte 0: expected 8 more bytes but the file ends at byte 3.',
  )
  const huge = file('{}')
  new DataView(huge.buffer).setBigUint64(0, 2n ** 50n, true)
  expect(await failure(huge)).toContain('byte 0: the header claims 1125899906842624 bytes, the limit is')
  expect(await failure(file('{"a"'))).toBe(
    'x.safetensors, byte 8: the header is not a JSON object: it does not parse.',
  )
  expect(await failure(file({ w: one }))).toBe(
    'x.safetensors: the tensors need 4 bytes of data, the file has 0.',
  )
  expect(await failure(file({ w: one, v: one }, new Uint8Array(4)))).toBe(
    'x.safetensors, tensor "v": expected its data at 4, got 0.',
  )
  expect(await failure(file({ w: { ...one, shape: [1e9] } }, new Uint8Array(4)))).toBe(
    'x.safetensors, tensor "w": shape 1000000000 of F32 needs 4000000000 bytes, data_offsets give 4.',
  )
  expect(await failure(file({ w: { ...one, dtype: 'C64' } }, new Uint8Array(4)))).toBe(
    'x.safetensors, tensor "w": dtype "C64" is not supported.',
  )
  const long = { l: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }
  expect(await failure(file(long, Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0)))).toContain('holds 4294967296')
})

test('refuses a folder and a missing file by name', async () => {
  expect((await problemOf(() => readSafetensors(folder))).message).toContain('expected a file')
  expect((await problemOf(() => readSafetensors(join(folder, 'none')))).code).toBe('file-missing')
  writeFileSync(join(folder, 'zero'), '')
  expect((await problemOf(() => readSafetensors(join(folder, 'zero')))).code).toBe('file-invalid')
})
