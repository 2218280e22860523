import { expect, it } from 'vitest'
import { movingAverage } from '../../../../src-shared/util/moving-average.ts'

it('leaves a constant curve as it is from its first point on', () => {
  for (const v of movingAverage([4, 4, 4, 4], 0.9)) expect(v).toBeCloseTo(4, 12)
})

it('divides out the bias of the start', () => {
  // Weight 0.5: (0.5 * 0.5 * 1 + 0.5 * 3) / (1 - 0.25)
  expect([...movingAverage([1, 3], 0.5)]).toEqual([1, 1.75 / 0.75])
})

it('keeps gaps and does not let them move the average', () => {
  const withGap = movingAverage([1, Number.NaN, 3], 0.5)
  expect(withGap[1]).toBeNaN()
  expect(withGap[2]).toBe(movingAverage([1, 3], 0.5)[1])
})

it('changes nothing with weight 0', () => {
  expect([...movingAverage([1, 5, Number.NaN], 0)]).toEqual([1, 5, Number.NaN])
})
