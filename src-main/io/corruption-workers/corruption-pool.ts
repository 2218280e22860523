import type { RgbImage } from '../../engine/data/corruptions/base/types.ts'
import { entryBeside } from '../../process/entries.ts'
import { createThreadPool } from '../../process/thread-pool.ts'
import { type CorruptionBatch, corruptBatch } from './corruption-batch.ts'
import type { WorkerStart } from './corruption-worker.ts'

export interface CorruptionPoolOptions {
  /** Threads; 0 works in the calling thread. Results do not depend on it. */
  readonly threads: number
  /** Entry of a thread; another one in tests. */
  readonly workerUrl?: URL
  /** Frost textures of the user; procedural ones unless given. */
  readonly textures?: readonly RgbImage[]
}

/** Corrupts batches of images in threads. */
export interface CorruptionPool {
  /**
   * Bytes [n, height, width, channels] of the corrupted images, in the order given.
   * @throws CotrainError of the corruption, or `internal` when a thread dies or the pool is closed
   */
  corrupt(batch: CorruptionBatch): Promise<Uint8Array>
  /** Ends the threads; unfinished batches fail. */
  close(): Promise<void>
}

/** Images per message at most: enough to hide its cost, few enough to share out the last ones. */
const MOST_AT_ONCE = 32

/** A pool that starts its threads with the first batches. */
export function createCorruptionPool({
  threads,
  workerUrl = entryBeside(import.meta.url, './corruption-worker.ts'),
  textures,
}: CorruptionPoolOptions): CorruptionPool {
  if (threads === 0) {
    return {
      corrupt: (batch) => Promise.resolve(corruptBatch(batch, textures)),
      close: () => Promise.resolve(),
    }
  }
  const start: WorkerStart = { textures: textures ?? null }
  const pool = createThreadPool<CorruptionChunk, Uint8Array>({
    entry: workerUrl,
    threads,
    given: start,
    doing: 'Corrupting images',
  })
  return {
    async corrupt(batch) {
      const parts = chunksOf(batch, threads).map((chunk) =>
        pool.run(chunk, [chunk.images.buffer, chunk.indices.buffer]),
      )
      return joined(await Promise.all(parts), batch.images.length)
    },
    close: () => pool.close(),
  }
}

/** Part of a batch with bytes of its own, which move to a thread without copying again. */
interface CorruptionChunk extends CorruptionBatch {
  readonly images: Uint8Array<ArrayBuffer>
  readonly indices: Int32Array<ArrayBuffer>
}

/** A batch in pieces, one for each thread at least. */
function chunksOf(batch: CorruptionBatch, threads: number): CorruptionChunk[] {
  const each = batch.width * batch.height * batch.channels
  const count = Math.min(MOST_AT_ONCE, Math.ceil(batch.indices.length / threads))
  return Array.from({ length: Math.ceil(batch.indices.length / count) }, (_, chunk) => ({
    ...batch,
    images: new Uint8Array(batch.images.subarray(chunk * count * each, (chunk + 1) * count * each)),
    indices: new Int32Array(batch.indices.subarray(chunk * count, (chunk + 1) * count)),
  }))
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const out = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
