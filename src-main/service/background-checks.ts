import type { EventHub } from './event-hub.ts'
import type { ServiceDeps } from './feature.ts'

/** Checks of sets that were added without waiting for them, one after the other. */
export interface BackgroundChecks {
  /** A set that waits or is checked already is not begun twice. Its news carry the job "check <id>". */
  start(id: string): void
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

  async function check(id: string): Promise<void> {
    if (ends.signal.aborted) return
    const job = `check ${id}`
    try {
      await data.finish(workspace, id, {
        signal: ends.signal,
        progress: (text, fraction) => emitThrottled('data.progress', job, { job, text, fraction }),
      })
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
    resume: async () => {
      for (const { id, unchecked } of await data.list(workspace)) if (unchecked) start(id)
    },
    stop: () => ends.abort(),
  }
}
