import { expect, test } from 'vitest'
import { parseGoldenJson, parseSafetensors } from '../../../golden/read-golden.ts'

function safetensors(header: unknown, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header))
  const out = new Uint8Array(8 + text.length + data.length)
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true)
  out.set(text, 8)
  out.set(data, 8 + text.length)
  return out
}

test('turns the three non-finite strings into numbers and leaves null and other strings alone', () => {
  const text = '{"a": ["NaN", "Infinity", "-Infinity", null, "Nan"], "b": 1e-3}'
  expect(parseGoldenJson(text)).toEqual({ a: [NaN, Infinity, -Infinity, null, 'Nan'], b: 0.001 })
})

test('reads F32, I32 and U8 tensors whatever their alignment', () => {
  const data = new Uint8Array(9)
  data[0] = 7
  new DataView(data.buffer).setFloat32(1, 1.5, true)
  new DataView(data.buffer).setInt32(5, -3, true)
  const header = {
    byte: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
    real: { dtype: 'F32', shape: [1, 1], data_offsets: [1, 5] },
    int: { dtype: 'I32', shape: [1], data_offsets: [5, 9] },
    __metadata__: { made_by: 'a test' },
  }
  const tensors = parseSafetensors(Buffer.from(safetensors(header, data))) // what readFile gives
  expect([...tensors.keys()].sort()).toEqual(['byte', 'int', 'real'])
  expect(tensors.get('real')).toEqual({ dtype: 'F32', shape: [1, 1], data: new Float32Array([1.5]) })
  expect(tensors.get('int')?.data[0]).toBe(-3)
  expect(tensors.get('byte')?.data[0]).toBe(7)
})
