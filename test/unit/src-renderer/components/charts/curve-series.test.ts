import { describe, expect, it } from 'vitest'
import type { Curve } from '../../../../../src-shared/contract/run.ts'
import {
  pointsOf,
  smoothedPoints,
  thinningNote,
} from '../../../../../src-renderer/components/charts/curve-series.ts'

const curve: Curve = {
  id: 'a',
  key: 'Training/v1/loss',
  step: [1, 2],
  epoch: [0.1, 0.2],
  images: [64, 128],
  seconds: [3, 6],
  value: [1, 3],
  total: 2000,
  min: 1,
  max: 3,
  last: 3,
}

describe('pointsOf', () => {
  it('reads the chosen axis', () => {
    expect(pointsOf(curve, 'time').map((p) => p.x)).toEqual([3, 6])
    expect(pointsOf(curve, 'images').map((p) => p.x)).toEqual([64, 128])
    expect(pointsOf(curve, 'epoch').map((p) => p.x)).toEqual([0.1, 0.2])
    expect(pointsOf(curve, 'step')).toEqual([
      { x: 1, y: 1 },
      { x: 2, y: 3 },
    ])
  })
})

describe('smoothedPoints', () => {
  it('keeps the raw values beneath', () => {
    const { points, raw } = smoothedPoints(curve, 'step', 0.5)
    expect(raw?.[1]?.y).toBe(3)
    expect(points[1]?.y).toBeCloseTo(1.75 / 0.75, 12)
  })

  it.each(['LR', 'Validation/patience', 'FinalTest/v1/eval', 'Training/v1/loss_weight'])(
    'never smooths %s',
    (key) => {
      expect(smoothedPoints({ ...curve, key }, 'step', 0.9).raw).toBeUndefined()
    },
  )
})

it('says how many points thinning left out', () => {
  expect(thinningNote([curve])).toBe('2 of 2,000 points drawn, extremes kept')
  expect(thinningNote([{ ...curve, total: 2 }])).toBe('')
})
