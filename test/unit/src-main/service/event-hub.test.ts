import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEventHub } from '../../../../src-main/service/event-hub.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('news', () => {
  it('of one run come at most four times a second, and the last always comes', () => {
    const hub = createEventHub(() => undefined)
    const heard: number[] = []
    hub.listen('run.metrics', ({ step }) => heard.push(step))
    for (let step = 1; step <= 100; step++) {
      hub.emitThrottled('run.metrics', 'a', { id: 'a', step, epoch: 0, values: {} })
      vi.advanceTimersByTime(10)
    }
    vi.advanceTimersByTime(1000)
    expect(heard.length).toBeLessThanOrEqual(6)
    expect([heard[0], heard.at(-1)]).toEqual([1, 100])
  })

  it('of one run do not hold back those of another', () => {
    const hub = createEventHub(() => undefined)
    const heard: string[] = []
    hub.listen('data.changed', ({ id }) => heard.push(id))
    for (const id of ['a', 'b', 'c']) hub.emitThrottled('data.changed', id, { id })
    expect(heard).toEqual(['a', 'b', 'c'])
  })

  it('reach all listeners although one of them throws, and none that has gone', () => {
    const faults: unknown[] = []
    const hub = createEventHub((error) => faults.push(error))
    const heard: string[] = []
    hub.listen('data.changed', () => {
      throw new Error('broken')
    })
    hub.listen('data.changed', ({ id }) => heard.push(id))
    const end = hub.listen('data.changed', ({ id }) => heard.push(`gone ${id}`))
    end()
    hub.emit('data.changed', { id: 'x' })
    expect([heard, faults.length]).toEqual([['x'], 1])
  })
})
