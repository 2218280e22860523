import { z } from 'zod'
import { problemSchema, runEnvironment, runEvent, runProgress } from './run.ts'

/**
 * Lines between a supervisor and a worker process (JSON, one a line). The worker owns the run folder while it lives;
 * the lines on stdout are only news: everything that must survive is in the folder first.
 */
export const workerNews = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), pid: z.number(), environment: runEnvironment }),
  z.object({ type: z.literal('progress'), progress: runProgress }),
  z.object({ type: z.literal('event'), event: runEvent }),
  z.object({
    type: z.literal('done'),
    status: z.enum(['finished', 'diverged', 'stopped', 'failed']),
    problems: z.array(problemSchema),
  }),
])
export type WorkerNews = z.infer<typeof workerNews>

export const workerOrder = z.discriminatedUnion('type', [
  /** Stop at the next step, or when the epoch is done, with a checkpoint. */
  z.object({ type: z.literal('stop'), when: z.enum(['now', 'epoch']) }),
])
