import type { Worker } from 'node:worker_threads'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { Views } from '../../engine/data/loaders/image-inputs.ts'
import { imageInputs, outputShape } from '../../engine/data/loaders/image-inputs.ts'
import type { InputRequest, InputSource } from '../../engine/data/loaders/input-source.ts'
import { pictureTable } from '../../engine/data/loaders/picture-table.ts'
import type { RgbImage } from '../../engine/data/corruptions/base/types.ts'
import type { ImageSource } from '../../engine/types.ts'
import type { InputMaker } from './input-maker.ts'
import { inputsHere } from './input-maker.ts'
import { entryBeside, startThread } from '../../process/entries.ts'

/** What a thread is started with. */
export interface BatchThreadStart {
  readonly textures: readonly RgbImage[] | null
}

export interface BatchJob {
  readonly id: number
  /** Number of the plan, under which a thread keeps what it made of it. */
  readonly plan: number
  readonly views: Views
  readonly bytes: Uint8Array
  readonly request: InputRequest
}

export type BatchAnswer =
  | { readonly id: number; readonly values: Float32Array<ArrayBuffer> }
  | { readonly id: number; readonly problems: readonly Problem[] }

/** Threads that prepare batches while the engine computes. */
export interface BatchPool {
  readonly inputs: InputMaker
  close(): void
}

/** Batches prepared before they are asked for, for each thread: one in work and one done. */
const AHEAD = 2

/** Prepares batches whose plan has noise or changes in `threads` threads, the others at once; 0 threads: all at once. */
export function createBatchPool(threads: number, textures?: readonly RgbImage[]): BatchPool {
  if (threads === 0) return { inputs: inputsHere(pictureTable(textures)), close: () => undefined }
  const team = Array.from({ length: threads }, () => startMember({ textures: textures ?? null }))
  let plans = 0
  let turn = 0
  const run = (
    plan: number,
    views: Views,
    bytes: Uint8Array,
    request: InputRequest,
  ): Promise<Float32Array> => {
    const member = team[turn++ % threads]! // threads is above 0
    return member.run({ plan, views, bytes, request })
  }
  return {
    inputs: (images, views) => {
      const isSimple = views.every((plan) => plan.changes.length === 0 && plan.noise === null)
      return isSimple
        ? imageInputs(images, views, {})
        : threadInputs(images, views, plans++, run, AHEAD * threads)
    },
    close: () => team.forEach((member) => member.close()),
  }
}

type Run = (plan: number, views: Views, bytes: Uint8Array, request: InputRequest) => Promise<Float32Array>

function threadInputs(images: ImageSource, views: Views, plan: number, run: Run, ahead: number): InputSource {
  const each = images.height * images.width * images.channels
  return {
    shape: outputShape(views[0]),
    views: views.length,
    ahead,
    async prepare(request) {
      const bytes = new Uint8Array(request.positions.length * each)
      await images.read(request.positions, bytes)
      return run(plan, views, bytes, request)
    },
  }
}

interface Member {
  run(job: Omit<BatchJob, 'id'>): Promise<Float32Array>
  close(): void
}

interface Pending {
  resolve(values: Float32Array): void
  reject(error: unknown): void
}

/** A thread is started with its first job, and does not keep the process alive while it is idle. */
function startMember(given: BatchThreadStart): Member {
  const pending = new Map<number, Pending>()
  let thread: Worker | null = null
  let jobs = 0
  const fail = (reason: string): void => {
    thread = null
    for (const { reject } of pending.values()) {
      reject(new CotrainError({ code: 'internal', message: `preparing pictures stopped: ${reason}` }))
    }
    pending.clear()
  }
  const settle = (answer: BatchAnswer): void => {
    const job = pending.get(answer.id)
    pending.delete(answer.id)
    if (pending.size === 0) thread?.unref()
    if ('values' in answer) job?.resolve(answer.values)
    else job?.reject(new CotrainError(answer.problems))
  }
  const start = (): Worker => {
    const worker = startThread(entryBeside(import.meta.url, './batch-worker.ts'), given)
    worker.on('message', settle)
    worker.on('error', (error) => fail(error.message))
    worker.on('exit', (code) => fail(`a thread ended with code ${code}.`))
    return worker
  }
  return {
    run(job) {
      thread ??= start()
      thread.ref()
      const id = jobs++
      const worker = thread
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject })
        worker.postMessage({ ...job, id }, [job.bytes.buffer as ArrayBuffer]) // made for this job alone
      })
    },
    close() {
      void thread?.terminate()
    },
  }
}
