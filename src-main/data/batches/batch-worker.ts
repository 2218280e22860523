import { workerData } from 'node:worker_threads'
import { viewRunner } from '../../engine/data/loaders/image-inputs.ts'
import { imageTable } from '../../engine/data/loaders/image-table.ts'
import { serveThread } from '../../process/serve-thread.ts'
import type { BatchJob, BatchThreadStart } from './batch-pool.ts'

/** Thread that prepares batches: stored bytes in, network inputs out. */
const { textures } = workerData as BatchThreadStart // set by the pool that starts this file
const table = imageTable(textures ?? undefined)
const runners = new Map<number, ReturnType<typeof viewRunner>>()

serveThread(
  ({ plan, views, bytes, request }: BatchJob) => {
    const run = runners.get(plan) ?? viewRunner(views, table)
    runners.set(plan, run)
    return run(bytes, request) as Float32Array<ArrayBuffer> // newly made by the runner
  },
  ({ buffer }) => [buffer],
)
