import type { z } from 'zod'
import type { queueState } from '../../../src-shared/contract/views.ts'
import { LIVE } from '../../../src-shared/contract/run.ts'
import { readLive } from '../../store/files/run-folder.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { RunQueue } from './run-queue.ts'

export type QueueState = z.infer<typeof queueState>

/** The queue as people see it: who waits, in which order, and who works. */
export function queueStateOf(store: RunStore, queue: RunQueue): QueueState {
  const { paused, waiting } = queue.read()
  const live = store.list({ status: [...LIVE] }).runs
  const working = new Set(live.map(({ id }) => id))
  return {
    paused,
    slots: 1,
    waiting: waiting
      .filter(({ id }) => !working.has(id) && store.exists(id))
      .map(({ id, reason, priority }) => ({ id, reason, priority, name: nameOf(store, id) })),
    running: live.map(({ id, name }) => ({ id, name, progress: readLive(store.files(id).folder) })),
  }
}

/** One run that cannot be read must not hide the queue. */
function nameOf(store: RunStore, id: string): string {
  try {
    return store.summary(id).name
  } catch {
    return 'cannot be read'
  }
}
