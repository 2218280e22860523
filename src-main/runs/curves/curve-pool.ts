import type { Worker } from 'node:worker_threads'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { Curve } from '../../../src-shared/contract/run.ts'
import { entryBeside, startThread } from '../../process/entries.ts'
import type { CurvesWanted } from './curves-of-run.ts'

/** One log to read; without a wish its columns are only stored. */
export interface CurveJob {
  readonly events: string
  readonly stored: string
  readonly wanted: CurvesWanted | null
}

export type CurveAnswer = { readonly curves: Curve[] } | { readonly problems: readonly Problem[] }

/** Threads that read logs; they start with the first job and keep no process alive. */
export interface CurvePool {
  run(job: CurveJob): Promise<Curve[]>
  close(): Promise<void>
}

interface Waiting {
  readonly job: CurveJob
  resolve(curves: Curve[]): void
  reject(error: unknown): void
}

export function createCurvePool(threads: number): CurvePool {
  const queue: Waiting[] = []
  const idle: Worker[] = []
  const busy = new Map<Worker, Waiting>()
  let isClosed = false

  const start = (): Worker => {
    const worker = startThread(entryBeside(import.meta.url, './curve-worker.ts'))
    worker.on('message', (answer: CurveAnswer) => {
      const done = busy.get(worker)
      busy.delete(worker)
      idle.push(worker)
      worker.unref()
      if ('curves' in answer) done?.resolve(answer.curves)
      else done?.reject(new CotrainError(answer.problems))
      next()
    })
    const drop = (reason: string): void => {
      const lost = busy.get(worker)
      busy.delete(worker)
      const at = idle.indexOf(worker)
      if (at >= 0) idle.splice(at, 1)
      lost?.reject(stopped(reason))
      next()
    }
    worker.on('error', (error) => drop(error.message))
    worker.on('exit', (code) => drop(`a thread ended with code ${code}.`))
    return worker
  }
  const next = (): void => {
    while (!isClosed && queue.length > 0 && busy.size < threads) {
      const worker = idle.pop() ?? start()
      const waiting = queue.shift()!
      busy.set(worker, waiting)
      worker.ref()
      worker.postMessage(waiting.job)
    }
  }
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(stopped('the service is closing.'))
        queue.push({ job, resolve, reject })
        next()
      }),
    close: async () => {
      isClosed = true
      for (const { reject } of queue.splice(0)) reject(stopped('the service is closing.'))
      await Promise.all([...idle, ...busy.keys()].map((worker) => worker.terminate()))
    },
  }
}

const stopped = (reason: string): CotrainError =>
  new CotrainError({ code: 'internal', message: `Reading curves stopped: ${reason}` })
