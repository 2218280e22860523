import { describe, expect, it } from 'vitest'
import { extentOf, summaryOf, valueAt } from '../../../../../../src-renderer/ui/charts/frame/series.ts'

const points = [
  { x: 0, y: 1 },
  { x: 10, y: 2 },
  { x: 20, y: null },
  { x: 30, y: 4 },
]
const line = { id: 'a', label: 'a', token: '--c0', dash: [], points }

describe('valueAt', () => {
  it('reads the nearest point', () => {
    expect([valueAt(points, 4), valueAt(points, 6), valueAt(points, 20), valueAt(points, 26)]).toEqual([
      1,
      2,
      null,
      4,
    ])
  })

  it('reads nothing where the line does not reach', () => {
    expect(valueAt(points, 100)).toBeNull()
    expect(valueAt([], 1)).toBeNull()
  })
})

describe('extentOf', () => {
  it('covers raw values and bands, not gaps', () => {
    const extent = extentOf([
      { ...line, raw: [{ x: 5, y: -3 }], band: { low: [{ x: 1, y: 0 }], high: [{ x: 1, y: 9 }] } },
    ])
    expect(extent).toEqual({ x: [0, 30], y: [-3, 9] })
  })

  it('is null where there is nothing to draw', () => {
    expect(extentOf([{ ...line, points: [{ x: 1, y: null }] }])).toBeNull()
  })
})

it('describes a chart in one sentence', () => {
  expect(summaryOf('Loss', [line], String)).toBe('Loss: a ends at 4.')
  expect(summaryOf('Loss', [], String)).toBe('Loss: no data yet.')
})
