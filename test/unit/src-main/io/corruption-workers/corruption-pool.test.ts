import { afterEach, expect, test, vi } from 'vitest'
import type { CorruptionBatch } from '../../../../../src-main/io/corruption-workers/corruption-batch.ts'
import {
  type CorruptionPool,
  createCorruptionPool,
} from '../../../../../src-main/io/corruption-workers/corruption-pool.ts'

vi.setConfig({ testTimeout: 60_000 }) // a busy machine takes several times longer than a quiet one

const workerUrl = new URL(
  '../../../../../src-main/io/corruption-workers/corruption-worker.ts',
  import.meta.url,
)
const SIDE = 32
const EACH = SIDE * SIDE * 3

const open: CorruptionPool[] = []
function pool(threads: number, url = workerUrl): CorruptionPool {
  const made = createCorruptionPool({ threads, workerUrl: url })
  open.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => made.close()))
})

function batchOf(count: number, change: Partial<CorruptionBatch> = {}): CorruptionBatch {
  return {
    width: SIDE,
    height: SIDE,
    channels: 3,
    images: Uint8Array.from({ length: count * EACH }, (_, i) => (i * 7) % 251),
    indices: Int32Array.from({ length: count }, (_, i) => 1000 + i),
    name: 'gaussian_noise',
    severity: 3,
    constants: 'ic',
    seed: 1000,
    ...change,
  }
}

test('gives the same bytes with no thread, one and two, and keeps the order of the images', async () => {
  const batch = batchOf(70)
  const [none, one, two] = await Promise.all([0, 1, 2].map((threads) => pool(threads).corrupt(batch)))
  expect(none).not.toEqual(batch.images)
  expect(one).toEqual(none)
  expect(two).toEqual(none)
})

test('corrupts an image by its index, whatever batch it is in', async () => {
  const all = batchOf(5)
  const whole = await pool(0).corrupt(all)
  const last = await pool(0).corrupt({
    ...all,
    images: all.images.slice(4 * EACH),
    indices: all.indices.slice(4),
  })
  expect(last).toEqual(whole.slice(4 * EACH))
  const moved = await pool(0).corrupt({ ...all, indices: all.indices.map((i) => i + 1) })
  expect(moved).not.toEqual(whole)
})

test('leaves the caller its images and serves batches given at the same time', async () => {
  const made = pool(2)
  const batch = batchOf(40)
  const before = batch.images.slice()
  const results = await Promise.all([1, 2, 1].map((severity) => made.corrupt({ ...batch, severity })))
  expect(batch.images).toEqual(before)
  expect(results[2]).toEqual(results[0])
  expect(results[1]).not.toEqual(results[0])
})

test('hands back the error of a corruption as it was raised', async () => {
  const refused = pool(1).corrupt(batchOf(1, { name: 'rain' }))
  await expect(refused).rejects.toMatchObject({ name: 'CotrainError', problems: [{ path: 'corruption' }] })
})

test('fails unfinished batches when it is closed or its thread cannot start', async () => {
  const closing = pool(1)
  const unfinished = expect(closing.corrupt(batchOf(100))).rejects.toThrow('Corrupting images stopped')
  await closing.close()
  await unfinished
  const broken = pool(1, new URL('./no-such-worker.js', import.meta.url))
  await expect(broken.corrupt(batchOf(1))).rejects.toThrow('Corrupting images stopped')
})

test('corrupts grey images of one channel', async () => {
  const images = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (i * 3) % 256)
  const grey = batchOf(1, { channels: 1, images, name: 'contrast', indices: Int32Array.of(0) })
  const rgb = batchOf(1, {
    images: Uint8Array.from({ length: EACH }, (_, i) => images[Math.floor(i / 3)]!),
    name: 'contrast',
  })
  const [one, three] = await Promise.all([pool(0).corrupt(grey), pool(0).corrupt(rgb)])
  expect(one).toEqual(three.filter((_, i) => i % 3 === 0))
})
