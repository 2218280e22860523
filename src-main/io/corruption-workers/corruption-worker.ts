import { parentPort, workerData } from 'node:worker_threads'
import { type Problem, toProblems } from '../../../src-shared/contract/errors.ts'
import type { RgbImage } from '../../engine/data/corruptions/base/types.ts'
import { type CorruptionBatch, corruptBatch } from './corruption-batch.ts'

/** What the thread answers to a batch. */
export type WorkerAnswer =
  { readonly data: Uint8Array<ArrayBuffer> } | { readonly problems: readonly Problem[] }

/** What the thread is started with. */
export interface WorkerStart {
  readonly textures: readonly RgbImage[] | null
}

const { textures } = workerData as WorkerStart // set by the pool that starts this file

function answer(batch: CorruptionBatch): WorkerAnswer {
  try {
    return { data: new Uint8Array(corruptBatch(batch, textures ?? undefined)) }
  } catch (error) {
    return { problems: toProblems(error) }
  }
}

parentPort?.on('message', (batch: CorruptionBatch) => {
  const reply = answer(batch)
  parentPort?.postMessage(reply, 'data' in reply ? [reply.data.buffer] : [])
})
