import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RgbImage } from '../../engine/data/corruptions/base/types.ts'
import { entryBeside, startThread } from '../../process/entries.ts'
import { type CorruptionBatch, corruptBatch } from './corruption-batch.ts'
import type { WorkerAnswer, WorkerStart } from './corruption-worker.ts'

export interface CorruptionPoolOptions {
  /** Threads; 0 works in the calling thread. Results do not depend on it. */
  readonly threads: number
  /** `corruption-worker.ts`, or what the bundler made of it. */
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

/** Images per message: enough to hide its cost, few enough to share out the last ones. */
const CHUNK = 32

interface Job {
  readonly batch: CorruptionBatch
  resolve(data: Uint8Array): void
  reject(error: unknown): void
}

/** A pool that starts its threads at once. */
export function createCorruptionPool(options: CorruptionPoolOptions): CorruptionPool {
  const { threads, textures } = options
  if (threads === 0) {
    return {
      corrupt: (batch) => Promise.resolve(corruptBatch(batch, textures)),
      close: () => Promise.resolve(),
    }
  }
  const waiting: Job[] = []
  const workers = Array.from({ length: threads }, () => startPainter(options, waiting))
  const corruptChunk = (batch: CorruptionBatch): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      waiting.push({ batch, resolve, reject })
      for (const { take } of workers) take()
    })
  return {
    async corrupt(batch) {
      const parts = await Promise.all(chunksOf(batch).map(corruptChunk))
      return joined(parts, batch.images.length)
    },
    async close() {
      for (const job of waiting.splice(0)) job.reject(failed('the pool was closed.'))
      await Promise.all(workers.map(({ end }) => end()))
    },
  }
}

interface Thread {
  /** Takes the next waiting job if this thread is idle. */
  take(): void
  end(): Promise<unknown>
}

function startPainter(
  { workerUrl = entryBeside(import.meta.url, './corruption-worker.ts'), textures }: CorruptionPoolOptions,
  waiting: Job[],
): Thread {
  const start: WorkerStart = { textures: textures ?? null }
  const worker = startThread(workerUrl, start)
  let current: Job | null = null
  let dead: CotrainError | null = null
  const take = (): void => {
    if (current !== null) return
    current = waiting.shift() ?? null
    if (current === null) return
    if (dead !== null) return finish((job) => job.reject(dead))
    const { batch } = current
    worker.ref()
    worker.postMessage(batch, [batch.images.buffer as ArrayBuffer, batch.indices.buffer as ArrayBuffer])
  }
  const finish = (settle: (job: Job) => void): void => {
    const job = current
    current = null
    worker.unref() // an idle pool does not keep the process alive
    if (job !== null) settle(job)
    take()
  }
  worker.on('message', (answer: WorkerAnswer) => {
    finish((job) => {
      if ('data' in answer) job.resolve(answer.data)
      else job.reject(new CotrainError(answer.problems))
    })
  })
  const die = (reason: string): void => {
    dead ??= failed(reason)
    finish((job) => job.reject(dead))
  }
  worker.on('error', (error) => die(error.message))
  worker.on('exit', (code) => die(`a thread ended with code ${code}.`))
  worker.unref()
  return { take, end: () => worker.terminate() }
}

const failed = (reason: string): CotrainError =>
  new CotrainError({ code: 'internal', message: `Corrupting images stopped: ${reason}` })

/** Parts of a batch with bytes of their own, which move to a thread without copying again. */
function chunksOf(batch: CorruptionBatch): CorruptionBatch[] {
  const each = batch.width * batch.height * batch.channels
  return Array.from({ length: Math.ceil(batch.indices.length / CHUNK) }, (_, chunk) => ({
    ...batch,
    images: batch.images.slice(chunk * CHUNK * each, (chunk + 1) * CHUNK * each),
    indices: batch.indices.slice(chunk * CHUNK, (chunk + 1) * CHUNK),
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
