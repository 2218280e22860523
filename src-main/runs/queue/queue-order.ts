import type { QueueEntry, QueueFile } from '../../store/files/queue-file.ts'

/** Pure changes of the waiting list. It is kept in the order of starting: higher priority first, then as added or moved. */

export function added(queue: QueueFile, entry: QueueEntry): QueueFile {
  if (queue.waiting.some(({ id }) => id === entry.id)) return queue
  return { ...queue, waiting: insert(queue.waiting, entry) }
}

export function removed(queue: QueueFile, id: string): QueueFile {
  const waiting = queue.waiting.filter((entry) => entry.id !== id)
  return waiting.length === queue.waiting.length ? queue : { ...queue, waiting }
}

/** Puts an entry at a place; it takes over the priority that belongs there, so that the order stays one of priorities. */
export function moved(queue: QueueFile, id: string, to: number): QueueFile {
  const entry = queue.waiting.find((e) => e.id === id)
  if (entry === undefined) return queue
  const others = queue.waiting.filter((e) => e.id !== id)
  const place = Math.max(0, Math.min(to, others.length))
  const before = others[place - 1]?.priority ?? Number.POSITIVE_INFINITY
  const after = others[place]?.priority ?? Number.NEGATIVE_INFINITY
  const priority = Math.min(before, Math.max(after, entry.priority))
  return { ...queue, waiting: [...others.slice(0, place), { ...entry, priority }, ...others.slice(place)] }
}

export function prioritised(queue: QueueFile, id: string, priority: number): QueueFile {
  const entry = queue.waiting.find((e) => e.id === id)
  if (entry === undefined || entry.priority === priority) return queue
  const others = queue.waiting.filter((e) => e.id !== id)
  return { ...queue, waiting: insert(others, { ...entry, priority }) }
}

/** `device`: UUID of the only card that the run may have, null for any. */
export function placed(queue: QueueFile, id: string, device: string | null): QueueFile {
  const waiting = queue.waiting.map((entry) => {
    if (entry.id !== id) return entry
    const { device: _, ...rest } = entry
    return device === null ? rest : { ...rest, device }
  })
  return { ...queue, waiting }
}

export const paused = (queue: QueueFile, is: boolean): QueueFile =>
  queue.paused === is ? queue : { ...queue, paused: is }

/**
 * Leaves only runs that are still to be started, and adds those that say they wait but are not listed. Those that cannot be read
 * keep the place that they have.
 */
export function reconciled(
  queue: QueueFile,
  queued: readonly QueueEntry[],
  unreadable: readonly string[] = [],
): QueueFile {
  const waits = new Set([...queued.map(({ id }) => id), ...unreadable])
  const kept = queue.waiting.filter(({ id }) => waits.has(id))
  const listed = new Set(kept.map(({ id }) => id))
  const lost = queued.filter(({ id }) => !listed.has(id))
  if (lost.length === 0 && kept.length === queue.waiting.length) return queue
  return { ...queue, waiting: lost.reduce((list, entry) => insert(list, entry), kept) }
}

function insert(waiting: readonly QueueEntry[], entry: QueueEntry): QueueEntry[] {
  const found = waiting.findIndex(({ priority }) => priority < entry.priority)
  const place = found === -1 ? waiting.length : found
  return [...waiting.slice(0, place), entry, ...waiting.slice(place)]
}
