import type { Views } from '../../engine/data/loaders/image-inputs.ts'
import { imageInputs, outputShape } from '../../engine/data/loaders/image-inputs.ts'
import type { InputRequest, InputSource } from '../../engine/data/loaders/input-source.ts'
import { imageTable } from '../../engine/data/loaders/image-table.ts'
import type { RgbImage } from '../../engine/data/corruptions/base/types.ts'
import type { ImageSource } from '../../engine/types.ts'
import { entryBeside } from '../../process/entries.ts'
import type { ThreadPool } from '../../process/thread-pool.ts'
import { createThreadPool } from '../../process/thread-pool.ts'
import type { InputMaker } from './input-maker.ts'
import { inputsHere } from './input-maker.ts'

/** What a thread is started with. */
export interface BatchThreadStart {
  readonly textures: readonly RgbImage[] | null
}

export interface BatchJob {
  /** Number of the plan, under which a thread keeps what it made of it. */
  readonly plan: number
  readonly views: Views
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly request: InputRequest
}

/** Threads that prepare batches while the engine computes. */
export interface BatchPool {
  readonly inputs: InputMaker
  close(): void
}

/** Batches prepared before they are asked for, for each thread: one in work and one done. */
const AHEAD = 2

/** Prepares batches whose plan has noise or changes in `threads` threads, the others at once; 0 threads: all at once. */
export function createBatchPool(threads: number, textures?: readonly RgbImage[]): BatchPool {
  if (threads === 0) return { inputs: inputsHere(imageTable(textures)), close: () => undefined }
  const start: BatchThreadStart = { textures: textures ?? null }
  const pool = createThreadPool<BatchJob, Float32Array>({
    entry: entryBeside(import.meta.url, './batch-worker.ts'),
    threads,
    given: start,
    // All that a loader asks for at once: while a step is computed, this process hands out nothing.
    ahead: AHEAD + 1,
    doing: 'preparing images',
  })
  let plans = 0
  return {
    inputs: (images, views) => {
      const isSimple = views.every((plan) => plan.changes.length === 0 && plan.noise === null)
      return isSimple
        ? imageInputs(images, views, {})
        : threadInputs(images, views, plans++, pool, AHEAD * threads)
    },
    close: () => void pool.close(),
  }
}

function threadInputs(
  images: ImageSource,
  views: Views,
  plan: number,
  pool: ThreadPool<BatchJob, Float32Array>,
  ahead: number,
): InputSource {
  const each = images.height * images.width * images.channels
  return {
    shape: outputShape(views[0]),
    views: views.length,
    ahead,
    async prepare(request) {
      const bytes = new Uint8Array(request.positions.length * each)
      await images.read(request.positions, bytes)
      return pool.run({ plan, views, bytes, request }, [bytes.buffer])
    },
  }
}
