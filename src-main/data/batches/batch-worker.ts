import { parentPort, workerData } from 'node:worker_threads'
import { toProblems } from '../../../src-shared/contract/errors.ts'
import { viewRunner } from '../../engine/data/loaders/image-inputs.ts'
import { pictureTable } from '../../engine/data/loaders/picture-table.ts'
import type { BatchAnswer, BatchJob, BatchThreadStart } from './batch-pool.ts'

/** Thread that prepares batches: stored bytes in, network inputs out. */
const { textures } = workerData as BatchThreadStart // set by the pool that starts this file
const table = pictureTable(textures ?? undefined)
const runners = new Map<number, ReturnType<typeof viewRunner>>()

function answer({ id, plan, views, bytes, request }: BatchJob): BatchAnswer {
  try {
    const run = runners.get(plan) ?? viewRunner(views, table)
    runners.set(plan, run)
    return { id, values: run(bytes, request) as Float32Array<ArrayBuffer> } // newly made by the runner
  } catch (error) {
    return { id, problems: toProblems(error) }
  }
}

parentPort?.on('message', (job: BatchJob) => {
  const reply = answer(job)
  parentPort?.postMessage(reply, 'values' in reply ? [reply.values.buffer] : [])
})
