import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { QueueEntry, QueueFile } from '../../store/files/queue-file.ts'
import { EMPTY_QUEUE, changeQueue, readQueue, setAsideQueue } from '../../store/files/queue-file.ts'
import type { RunStore } from '../../store/run-store.ts'
import { added, moved, paused, placed, prioritised, reconciled, removed } from './queue-order.ts'

export interface QueueWish {
  /** Higher starts sooner; 0 by default. */
  readonly priority?: number
  /** UUID of the only card that it may have; any where null. */
  readonly device?: string | null
}

/** The waiting runs of a home; every change is on disk before it is reported. */
export interface RunQueue {
  read(): QueueFile
  add(id: string, reason: string, wish?: QueueWish): Promise<void>
  remove(id: string): Promise<void>
  move(id: string, to: number): Promise<void>
  prioritise(id: string, priority: number): Promise<void>
  /** Lets a run have this card alone; any with null. */
  choose(id: string, device: string | null): Promise<void>
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
    add: async (id, reason, { priority = 0, device = null } = {}) => {
      const entry = { id, priority, reason, addedAt: store.now(), ...(device === null ? {} : { device }) }
      await change((queue) => added(queue, entry))
    },
    remove: (id) => changeListed(id, (queue) => removed(queue, id)),
    move: (id, to) => changeListed(id, (queue) => moved(queue, id, to)),
    prioritise: (id, priority) => changeListed(id, (queue) => prioritised(queue, id, priority)),
    choose: (id, device) => changeListed(id, (queue) => placed(queue, id, device)),
    setPaused: async (is) => {
      await change((queue) => paused(queue, is))
    },
    reconcile: () => {
      try {
        readQueue(layout)
      } catch {
        setAsideQueue(layout, store.now())
      }
      return change((queue) => reconciled(queue, queuedRuns(store), unreadableRuns(store)))
    },
  }
}

const unreadableRuns = (store: RunStore): string[] =>
  store.list().runs.flatMap((run) => (run.readable ? [] : [run.id]))

/** Every run that says it waits, oldest first. */
function queuedRuns(store: RunStore): QueueEntry[] {
  const { runs } = store.list({ status: ['queued'] })
  return runs
    .filter((run) => run.readable)
    .map((run) => ({ id: run.id, priority: 0, reason: 'found waiting', addedAt: run.createdAt }))
    .sort((a, b) => a.addedAt - b.addedAt)
}
