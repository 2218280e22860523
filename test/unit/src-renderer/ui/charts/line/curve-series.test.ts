import { describe, expect, it } from 'vitest'
import type { Curve } from '../../../../../../src-shared/contract/run.ts'
import {
  curveLine,
  isAlong,
  pointsOf,
  thinningNote,
} from '../../../../../../src-renderer/ui/charts/line/curve-series.ts'

const curve: Curve = {
  id: 'a',
  key: 'Training/v1/loss',
  step: [1, 2],
  epoch: [0.1, 0.2],
  images: [64, 128],
  seconds: [3, 6],
  elapsed: [3, 60],
  value: [1, 3],
  start: 1,
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
    expect(pointsOf(curve, 'relative').map((p) => p.x)).toEqual([0, 1])
    expect(pointsOf(curve, 'elapsed').map((p) => p.x)).toEqual([3, 60])
    expect(pointsOf(curve, 'step')).toEqual([
      { x: 1, y: 1 },
      { x: 2, y: 3 },
    ])
  })
})

it('knows whether curves have places on an axis', () => {
  const unasked = { ...curve, step: [] }
  expect([isAlong([curve], 'step'), isAlong([curve, unasked], 'step')]).toEqual([true, false])
  expect([isAlong([unasked], 'relative'), isAlong([unasked], 'epoch')]).toEqual([false, true])
})

describe('curveLine', () => {
  it('draws the average of the service with the raw values beneath', () => {
    const { points, raw } = curveLine({ ...curve, smooth: [1, 2] }, 'step')
    expect(points.map((p) => p.y)).toEqual([1, 2])
    expect(raw?.map((p) => p.y)).toEqual([1, 3])
    expect(curveLine(curve, 'step').raw).toBeUndefined()
  })

  it('marks where values were not finite, once per gap', () => {
    const gappy = { ...curve, step: [1, 2, 3, 4, 5], value: [7, null, null, 8, null] }
    expect(curveLine(gappy, 'step').gaps).toEqual([
      { x: 2, y: 7 },
      { x: 5, y: 8 },
    ])
    expect(curveLine(curve, 'step').gaps).toBeUndefined()
  })
})

it('says how many points thinning left out', () => {
  expect(thinningNote([curve])).toBe('shown 2 of 2,000 points')
  expect(thinningNote([{ ...curve, total: 2 }])).toBe('')
})
