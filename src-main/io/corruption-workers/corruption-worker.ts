import { workerData } from 'node:worker_threads'
import type { RgbImage } from '../../engine/data/corruptions/base/types.ts'
import { serveThread } from '../../process/serve-thread.ts'
import { type CorruptionBatch, corruptBatch } from './corruption-batch.ts'

/** What the thread is started with. */
export interface WorkerStart {
  readonly textures: readonly RgbImage[] | null
}

const { textures } = workerData as WorkerStart // set by the pool that starts this file

serveThread(
  (batch: CorruptionBatch) => new Uint8Array(corruptBatch(batch, textures ?? undefined)),
  ({ buffer }) => [buffer],
)
