import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import type { QueueFile } from '../../../../../src-main/store/files/queue-file.ts'
import { EMPTY_QUEUE } from '../../../../../src-main/store/files/queue-file.ts'
import {
  added,
  moved,
  prioritised,
  reconciled,
  removed,
} from '../../../../../src-main/runs/queue/queue-order.ts'

const entry = (id: string, priority = 0) => ({ id, priority, reason: '', addedAt: 0 })
const queueOf = (...entries: ReturnType<typeof entry>[]): QueueFile => entries.reduce(added, EMPTY_QUEUE)
const ids = (queue: QueueFile): string => queue.waiting.map(({ id }) => id).join('')

describe('the order of the queue', () => {
  it('starts higher priorities first, and equal ones as they came', () => {
    expect(ids(queueOf(entry('a'), entry('b', 5), entry('c'), entry('d', 5), entry('e', -1)))).toBe('bdace')
  })

  it('takes a run in once', () => {
    expect(ids(queueOf(entry('a'), entry('a')))).toBe('a')
  })

  it('moves a run to a place and keeps it there when others come', () => {
    const queue = moved(queueOf(entry('a', 2), entry('b'), entry('c')), 'c', 0)
    expect(ids(queue)).toBe('cab')
    expect(ids(added(queue, entry('d')))).toBe('cabd')
  })

  it('stays sorted by priority whatever is done to it', () => {
    const action = fc.oneof(
      fc.record({
        do: fc.constant('add' as const),
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        n: fc.integer({ min: -3, max: 3 }),
      }),
      fc.record({
        do: fc.constantFrom('move' as const, 'prioritise' as const, 'remove' as const),
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        n: fc.integer({ min: 0, max: 5 }),
      }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        let queue = EMPTY_QUEUE
        for (const { do: what, id, n } of actions) {
          if (what === 'add') queue = added(queue, entry(id, n))
          if (what === 'move') queue = moved(queue, id, n)
          if (what === 'prioritise') queue = prioritised(queue, id, n)
          if (what === 'remove') queue = removed(queue, id)
          const priorities = queue.waiting.map(({ priority }) => priority)
          expect(priorities).toEqual([...priorities].sort((a, b) => b - a))
          expect(new Set(queue.waiting.map((e) => e.id)).size).toBe(queue.waiting.length)
        }
      }),
    )
  })

  it('agrees with the runs that wait: lost ones come back, others go, nothing twice', () => {
    const queue = queueOf(entry('a', 1), entry('b'))
    expect(ids(reconciled(queue, [entry('b'), entry('c')]))).toBe('bc')
    expect(reconciled(queue, [entry('a'), entry('b')])).toBe(queue)
    expect(ids(reconciled(queue, [], ['b']))).toBe('b') // it cannot be read now, and keeps its place
  })
})
