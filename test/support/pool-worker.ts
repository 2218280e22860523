import { threadId, workerData } from 'node:worker_threads'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import { serveThread } from '../../src-main/process/serve-thread.ts'

export interface PoolJob {
  readonly say: string
  readonly bytes?: Uint8Array<ArrayBuffer>
  /** Number that threads share. */
  readonly shared?: SharedArrayBuffer
}
export interface PoolAnswer {
  readonly thread: number
  readonly said: string
  readonly bytes: Uint8Array<ArrayBuffer> | undefined
}

/** A thread of a pool that does what a test says. */
serveThread(
  ({ say, bytes, shared = new SharedArrayBuffer(4) }: PoolJob): PoolAnswer => {
    const number = new Int32Array(shared)
    if (say === 'die') process.exit(3)
    if (say === 'throw') throw new CotrainError({ code: 'file-invalid', path: 'x', message: 'torn.' })
    if (say === 'wait') Atomics.wait(number, 0, 0)
    // Goes on when two threads are here: one alone would wait for ever.
    if (say === 'meet') {
      if (Atomics.add(number, 0, 1) === 0) Atomics.wait(number, 0, 1)
      else Atomics.notify(number, 0)
    }
    return { thread: threadId, said: `${String(workerData)}${say}`, bytes }
  },
  ({ bytes }) => (bytes === undefined ? [] : [bytes.buffer]),
)
