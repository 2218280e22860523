import { renameSync } from 'node:fs'
import { z } from 'zod'
import type { Disk } from '../../disk/disk.ts'
import { withLock } from '../../disk/file-lock.ts'
import type { HomeLayout } from '../../disk/home-layout.ts'
import { readJson } from '../../disk/read-json.ts'

const queueEntry = z.object({
  id: z.string(),
  priority: z.number(),
  /** Why it waits: new, retry, resume. */
  reason: z.string(),
  addedAt: z.number(),
  /** UUID of the only card that it may have; absent where any will do. */
  device: z.string().optional(),
})
const queueFile = z.object({ format: z.literal(1), paused: z.boolean(), waiting: z.array(queueEntry) })
export type QueueEntry = z.infer<typeof queueEntry>
export type QueueFile = z.infer<typeof queueFile>

export const EMPTY_QUEUE: QueueFile = { format: 1, paused: false, waiting: [] }

export const readQueue = (layout: HomeLayout): QueueFile => readJson(layout.queue, queueFile) ?? EMPTY_QUEUE

/** Changes the queue as one step among all processes of this home; writes nothing when `change` returns it as it was. */
export function changeQueue(
  layout: HomeLayout,
  disk: Disk,
  change: (queue: QueueFile) => QueueFile,
): Promise<QueueFile> {
  return withLock(`${layout.queue}.lock`, async () => {
    const before = readQueue(layout)
    const after = change(before)
    if (after !== before) await disk.writeFile(layout.queue, `${JSON.stringify(after, null, 1)}\n`)
    return after
  })
}

/** Sets a queue file that cannot be read aside; the waiting runs are found again by their own records. */
export function setAsideQueue(layout: HomeLayout, now: number): void {
  renameSync(layout.queue, `${layout.queue}.damaged-${now}`)
}
