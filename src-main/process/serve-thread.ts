import type { Transferable } from 'node:worker_threads'
import { parentPort } from 'node:worker_threads'
import type { Problem } from '../../src-shared/contract/errors.ts'
import { toProblems } from '../../src-shared/contract/errors.ts'

/** What a thread of a pool says to a job. */
export type ThreadReply<Answer> = { readonly answer: Answer } | { readonly problems: readonly Problem[] }

/** In a thread of a pool: does its jobs. `moved` names the buffers of an answer that leave the thread with it. */
export function serveThread<Job, Answer>(
  work: (job: Job) => Answer,
  moved: (answer: Answer) => readonly Transferable[] = () => [],
): void {
  parentPort?.on('message', (job: Job) => {
    const reply = replyTo(work, job)
    parentPort?.postMessage(reply, 'answer' in reply ? moved(reply.answer) : [])
  })
}

function replyTo<Job, Answer>(work: (job: Job) => Answer, job: Job): ThreadReply<Answer> {
  try {
    return { answer: work(job) }
  } catch (error) {
    return { problems: toProblems(error) }
  }
}
