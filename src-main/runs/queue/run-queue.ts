import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { QueueEntry, QueueFile } from '../../store/files/queue-file.ts'
import { EMPTY_QUEUE, changeQueue, readQueue, setAsideQueue } from '../../store/files/queue-file.ts'
import type { RunStore } from '../../store/run-store.ts'
import { added, moved, paused, prioritised, reconciled, removed } from './queue-order.ts'

/** The waiting runs of a home; every change is on disk before it is reported. */
export interface RunQueue {
  read(): QueueFile
  add(id: string, reason: string, priority?: number): Promise<void>
  remove(id: string): Promise<void>
  move(id: string, to: number): Promise<void>
  prioritise(id: string, priority: number): Promise<void>
  setPaused(is: boolean): Promise<void>
  /** Makes the list agree with the run folders, which decide: after a crash, and when the file is damaged or gone. */
  reconcile(): Promise<QueueFile>
}

export function openRunQueue(store: RunStore): RunQueue {
  const { layout, disk } = store
  const change = (next: (queue: QueueFile) => QueueFile): Promise<QueueFile> =>
    changeQueue(layout, disk, next)
  const changeListed = async (id: string, next: (queue: QueueFile) => QueueFile): Promise<void> => {
    await change((queue) => {
      if (queue.waiting.some((entry) => entry.id === id)) return next(queue)
      throw new CotrainError({
        code: 'not-found',
        path: id,
        message: 'this run is not waiting in the queue.',
      })
    })
  }
  const read = (): QueueFile => {
    try {
      return readQueue(layout)
    } catch {
      return EMPTY_QUEUE // reconcile() mends the file; nothing starts from one that cannot be read
    }
  }
  return {
    read,
    add: async (id, reason, priority = 0) => {
      await change((queue) => added(queue, { id, priority, reason, addedAt: store.now() }))
    },
    remove: (id) => changeListed(id, (queue) => removed(queue, id)),
    move: (id, to) => changeListed(id, (queue) => moved(queue, id, to)),
    prioritise: (id, priority) => changeListed(id, (queue) => prioritised(queue, id, priority)),
    setPaused: async (is) => {
      await change((queue) => paused(queue, is))
    },
    reconcile: () => {
      try {
        readQueue(layout)
      } catch {
        setAsideQueue(layout, store.now())
      }
      return change((queue) => reconciled(queue, queuedRuns(store)))
    },
  }
}

/** Every run that says it waits, oldest first. */
function queuedRuns(store: RunStore): QueueEntry[] {
  const { runs } = store.list({ status: ['queued'] })
  return runs
    .filter((run) => run.readable)
    .map((run) => ({ id: run.id, priority: 0, reason: 'found waiting', addedAt: run.createdAt }))
    .sort((a, b) => a.addedAt - b.addedAt)
}
