import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readIdx } from '../../../../../../src-main/io/formats/tensors/idx.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const header = (shape: readonly number[], type = 8): number[] => [
  ...[0, 0, type, shape.length],
  ...shape.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]),
]
const good = Uint8Array.of(...header([2, 1, 3]), 1, 2, 3, 4, 5, 6)

const failure = async (bytes: Uint8Array, axes?: number): Promise<string> => {
  writeFileSync(join(folder, 'f'), bytes)
  const { path, message } = await problemOf(() => readIdx(join(folder, 'f'), axes))
  return `${path?.replace(join(folder, 'f'), 'f')}: ${message}`
}

test('reads plain and gzipped files alike', () => {
  for (const bytes of [good, gzipSync(good)]) {
    writeFileSync(join(folder, 'good'), bytes)
    expect(readIdx(join(folder, 'good'), 3)).toEqual({
      shape: [2, 1, 3],
      data: Uint8Array.of(1, 2, 3, 4, 5, 6),
    })
  }
})

test('names the byte of a wrong magic, type or number of axes', async () => {
  expect(await failure(Uint8Array.of(1, 0, 8, 1, 0, 0, 0, 0))).toBe(
    'f, byte 0: expected two zero bytes, got 0x100.',
  )
  expect(await failure(Uint8Array.of(...header([1], 0x0d), 0))).toBe(
    'f, byte 2: expected element type 0x08 (bytes), got 0x0d.',
  )
  expect(await failure(good, 1)).toBe('f, byte 3: expected 1 axes, got 3.')
  expect(await failure(Uint8Array.of(0, 0, 8, 3, 0, 0))).toBe('f, byte 6: the header of 3 axes is cut off.')
})

test('names the byte at which a truncated or overlong file goes wrong', async () => {
  expect(await failure(good.subarray(0, 20))).toBe(
    'f, byte 20: the header says 2 x 1 x 3, which needs 22 bytes; the file has 20.',
  )
  expect(await failure(Uint8Array.of(...good, 0))).toContain('byte 22: the header says 2 x 1 x 3')
  expect(await failure(gzipSync(good).subarray(0, 30))).toContain('the gzip stream is damaged or truncated')
})

test('refuses a claim of many bytes before reserving memory for it', async () => {
  expect(await failure(Uint8Array.of(...header([2 ** 31, 28, 28]), 0))).toContain('the limit is 2147483648')
  expect(await failure(gzipSync(Uint8Array.of(...header([2 ** 30]), 0)))).toContain('needs 1073741832 bytes')
})

test('refuses a stream that grows beyond its header', async () => {
  const bomb = gzipSync(Buffer.concat([good, Buffer.alloc(10_000_000)]))
  expect(await failure(bomb)).toBe('f: the compressed content is larger than its header says.')
})
