import { expect, it } from 'vitest'
import { niceTicks } from '../../../../../../src-renderer/ui/charts/frame/nice-ticks.ts'

it('takes round numbers within the range', () => {
  expect(niceTicks([0, 1], 5, false)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
  expect(niceTicks([3, 97], 5, false)).toEqual([20, 40, 60, 80])
})

it('takes powers of ten on a log axis', () => {
  expect(niceTicks([0.002, 3], 5, true)).toEqual([0.01, 0.1, 1])
})

it('gives the one value of an empty range', () => {
  expect(niceTicks([2, 2], 5, false)).toEqual([2])
})
