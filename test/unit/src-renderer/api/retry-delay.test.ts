import { expect, it } from 'vitest'
import { retryDelayMs } from '../../../../src-renderer/api/retry-delay.ts'

it('tries again quickly at first and never waits longer than ten seconds', () => {
  expect([0, 1, 2, 3].map(retryDelayMs)).toEqual([500, 1000, 2000, 4000])
  expect(retryDelayMs(1000)).toBe(10_000)
})
