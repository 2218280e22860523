import type { Result } from '../../src-shared/contract/contract.ts'
import type { EventHub } from './event-hub.ts'
import type { ServiceDeps } from './feature.ts'
import type { DataWatch } from './parts.ts'

/** Checks of sets in threads. Their news carry the job "check <id>". */
export interface BackgroundChecks {
  /** Checks a set that was added without waiting for them, after those before it. One that waits or is checked already is not begun twice. */
  start(id: string): void
  /** Reads a set through again, at once; gives it as it is then. @throws CotrainError `cancelled` where the program ends */
  again(id: string): Promise<Result<'data.check'>>
  /** Begins those that an earlier program has left. */
  resume(): Promise<void>
  /** What was begun is begun again by the next program. */
  stop(): void
}

export function backgroundChecks(
  { workspace, data }: Pick<ServiceDeps, 'workspace' | 'data'>,
  { emit, emitThrottled }: Pick<EventHub, 'emit' | 'emitThrottled'>,
): BackgroundChecks {
  const known = new Set<string>()
  const ends = new AbortController()
  let last = Promise.resolve()

  function watchOf(id: string): DataWatch {
    const job = `check ${id}`
    return {
      signal: ends.signal,
      progress: (text, fraction) => emitThrottled('data.progress', job, { job, text, fraction }),
    }
  }

  async function check(id: string): Promise<void> {
    if (ends.signal.aborted) return
    try {
      await data.finish(workspace, id, watchOf(id))
    } catch (error) {
      workspace.log(`checking the data set ${id}: ${String(error)}`)
    }
    known.delete(id)
    if (!ends.signal.aborted) emit('data.changed', { id })
  }

  function start(id: string): void {
    if (known.has(id)) return
    known.add(id)
    last = last.then(() => check(id))
  }

  return {
    start,
    again: (id) => data.check(workspace, id, watchOf(id)),
    resume: async () => {
      for (const { id, unchecked } of await data.list(workspace)) if (unchecked) start(id)
    },
    stop: () => ends.abort(),
  }
}
