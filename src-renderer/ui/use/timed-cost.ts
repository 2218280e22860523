import { call } from '../../api/client.ts'
import { problemsIn } from '../../api/transport.ts'

/** What one run of a config costs on this machine. */
export type Cost =
  | { readonly kind: 'waits' }
  | { readonly kind: 'timing' }
  | { readonly kind: 'timed'; readonly seconds: number; readonly workingRuns: number }
  | { readonly kind: 'not-timed'; readonly why: string }

/** Times a few steps of a config in a process of its own; the service keeps the answer. Never throws. */
export async function timedCost(config: unknown): Promise<Cost> {
  try {
    const { seconds, problems, workingRuns } = await call('config.warmUp', { config })
    if (seconds === null) return { kind: 'not-timed', why: problems[0]?.message ?? 'no step was done.' }
    return { kind: 'timed', seconds: seconds.total, workingRuns }
  } catch (error) {
    return { kind: 'not-timed', why: problemsIn(error)[0]?.message ?? String(error) }
  }
}
