import { describe, expect, it } from 'vitest'
import type { Curve } from '../../../../../../src-shared/contract/run.ts'
import { appendMetrics } from '../../../../../../src-renderer/features/run/curves/append-metrics.ts'

const curve: Curve = {
  id: 'a',
  key: 'LR',
  step: [10],
  epoch: [1],
  images: [640],
  seconds: [5],
  elapsed: [5],
  value: [0.1],
  start: 10,
  total: 1,
  min: 0.1,
  max: 0.1,
  last: 0.1,
}
const news = (step: number, values: Record<string, number | null>, id = 'a') => ({
  id,
  step,
  epoch: step / 10,
  values,
})

describe('appendMetrics', () => {
  it('continues a curve and its axes', () => {
    const next = appendMetrics(new Map([['LR', curve]]), 'a', [news(20, { LR: 0.2 })]).get('LR')
    expect(next).toMatchObject({
      step: [10, 20],
      value: [0.1, 0.2],
      images: [640, 1280],
      seconds: [5, 10],
      elapsed: [5, 10],
      start: 10,
      total: 2,
      last: 0.2,
    })
  })

  it('continues the moving average', () => {
    const loss = { ...curve, key: 'Training/v1/loss', value: [1], smooth: [1] }
    const next = appendMetrics(new Map([[loss.key, loss]]), 'a', [news(20, { [loss.key]: 3 })], 0.5)
    expect(next.get(loss.key)?.smooth).toEqual([1, 2])
  })

  it('leaves out steps that are already there and news of other runs', () => {
    const before = new Map([['LR', curve]])
    const next = appendMetrics(before, 'a', [news(10, { LR: 9 }), news(20, { LR: 9 }, 'b')])
    expect(next.get('LR')).toBe(curve)
  })

  it('starts a curve with its first value and keeps gaps', () => {
    const next = appendMetrics(new Map(), 'a', [news(1, { x: null }), news(2, { x: 3 })])
    expect(next.get('x')?.value).toEqual([null, 3])
  })

  it('does not change what was drawn before', () => {
    const before = new Map([['LR', curve]])
    appendMetrics(before, 'a', [news(20, { LR: 0.2 })])
    expect(before.get('LR')?.step).toEqual([10])
  })
})
