import type { Transferable, Worker } from 'node:worker_threads'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import { startThread } from './entries.ts'
import type { ThreadReply } from './serve-thread.ts'

export interface ThreadPoolOptions {
  /** The file that a thread runs: it calls `serveThread`. */
  readonly entry: URL
  /** Most threads; they are started with the jobs that need them. */
  readonly threads: number
  /** Given to every thread as `workerData`. */
  readonly given?: unknown
  /** Jobs that a thread is sent before it has answered; above 1 it goes on while this process is busy. */
  readonly ahead?: number
  /** What is being done, for messages: "Reading curves". */
  readonly doing: string
}

/** Threads that do one kind of job. An idle pool does not keep the process alive. */
export interface ThreadPool<Job, Answer> {
  /**
   * Buffers named in `moved` leave this thread. @throws CotrainError of the job, or `internal` when its thread dies or the
   * pool is closed
   */
  run(job: Job, moved?: readonly Transferable[]): Promise<Answer>
  /** Ends the threads; unfinished jobs fail. */
  close(): Promise<void>
}

interface Task<Job, Answer> {
  readonly job: Job
  readonly moved: readonly Transferable[]
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** A thread and its jobs; it answers them in the order in which it got them. */
interface Member<Job, Answer> {
  readonly worker: Worker
  readonly sent: Task<Job, Answer>[]
}

export function createThreadPool<Job, Answer>(options: ThreadPoolOptions): ThreadPool<Job, Answer> {
  const { entry, threads, given, ahead = 1, doing } = options
  const waiting: Task<Job, Answer>[] = []
  const members = new Set<Member<Job, Answer>>()
  let isClosed = false
  const stopped = (reason: string): CotrainError =>
    new CotrainError({ code: 'internal', message: `${doing} stopped: ${reason}` })

  const start = (): Member<Job, Answer> => {
    const member: Member<Job, Answer> = { worker: startThread(entry, given), sent: [] }
    const { worker, sent } = member
    members.add(member)
    worker.on('message', (reply: ThreadReply<Answer>) => {
      const task = sent.shift()
      if (sent.length === 0) worker.unref()
      if ('answer' in reply) task?.resolve(reply.answer)
      else task?.reject(new CotrainError(reply.problems))
      next()
    })
    const drop = (reason: string): void => {
      members.delete(member)
      for (const { reject } of sent.splice(0)) reject(stopped(reason))
      next()
    }
    worker.on('error', (error) => drop(error.message))
    worker.on('exit', (code) => drop(isClosed ? 'the pool was closed.' : `a thread ended with code ${code}.`))
    return member
  }
  /** An idle thread, then a new one, then the one with the fewest jobs; null where all have enough. */
  const free = (): Member<Job, Answer> | null => {
    const [least] = [...members].sort((a, b) => a.sent.length - b.sent.length)
    if (least?.sent.length === 0) return least
    if (members.size < threads) return start()
    return least !== undefined && least.sent.length < ahead ? least : null
  }
  const next = (): void => {
    while (!isClosed && waiting.length > 0) {
      const member = free()
      if (member === null) return
      const task = waiting.shift()!
      member.sent.push(task)
      member.worker.ref()
      member.worker.postMessage(task.job, task.moved)
    }
  }
  return {
    run: (job, moved = []) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(stopped('the pool was closed.'))
        waiting.push({ job, moved, resolve, reject })
        next()
      }),
    close: async () => {
      isClosed = true
      for (const { reject } of waiting.splice(0)) reject(stopped('the pool was closed.'))
      await Promise.all([...members].map(({ worker }) => worker.terminate()))
    },
  }
}
