import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { batchUpdates } from '../../../../src-renderer/stores/batch-updates.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('hands a burst over at once, in order, at most once per interval', () => {
  const calls: (readonly number[])[] = []
  const add = batchUpdates<number>((items) => calls.push(items), 250)
  for (let t = 0; t < 1000; t += 10) {
    add(t)
    vi.advanceTimersByTime(10)
  }
  vi.advanceTimersByTime(250)
  expect(calls.length).toBeLessThanOrEqual(5)
  expect(calls.flat()).toEqual(Array.from({ length: 100 }, (_, i) => i * 10))
})
