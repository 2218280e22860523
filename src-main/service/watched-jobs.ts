import { CotrainError } from '../../src-shared/contract/errors.ts'
import type { EventHub } from './event-hub.ts'
import type { DataWatch } from './parts.ts'

export interface WatchedJobs {
  /** Work under a name: it tells how far it is and can be called off. */
  watched<T>(job: string | undefined, work: (watch: DataWatch) => Promise<T>): Promise<T>
  cancel(job: string): void
}

export function watchedJobs({ emitThrottled }: Pick<EventHub, 'emitThrottled'>): WatchedJobs {
  const jobs = new Map<string, AbortController>()
  return {
    async watched(job, work) {
      if (job === undefined) return work({})
      const controller = new AbortController()
      jobs.set(job, controller)
      try {
        return await work({
          signal: controller.signal,
          progress: (text, fraction) => emitThrottled('data.progress', job, { job, text, fraction }),
        })
      } finally {
        jobs.delete(job)
      }
    },
    cancel: (job) => void jobs.get(job)?.abort(cancelled()),
  }
}

const cancelled = (): CotrainError =>
  new CotrainError({ code: 'cancelled', message: 'the work was cancelled.' })
