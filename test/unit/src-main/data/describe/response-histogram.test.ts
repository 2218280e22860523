import { expect, it } from 'vitest'
import { responseHistogram } from '../../../../../src-main/data/describe/response-histogram.ts'

const counted = (h: ReturnType<typeof responseHistogram>): number =>
  h.bins.reduce((n, bin) => n + bin.count, 0)

it('gives spike counts one bar for each number', () => {
  const h = responseHistogram(Float32Array.of(0, 1, 1, 3, NaN))
  expect(h.bins.map((bin) => bin.count)).toEqual([1, 2, 0, 1])
  expect(h).toMatchObject({ count: 4, missing: 1 })
  expect(h.beyond).toBeUndefined()
})

it('counts rare extremes apart where they would hide the others', () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => (i === 500 ? 1e6 : i / 1000))
  const h = responseHistogram(values)
  expect(h.bins.at(-1)?.high).toBeLessThan(1.01)
  expect((h.beyond?.above ?? 0) + (h.beyond?.below ?? 0) + counted(h)).toBe(1000)
  expect(h.beyond?.above).toBeGreaterThan(0)
})

it('shows every value where none stands far out, and equal ones in one bar', () => {
  const all = responseHistogram(Float32Array.from({ length: 300 }, (_, i) => i / 7))
  expect([counted(all), all.beyond]).toEqual([300, undefined])
  expect(counted(responseHistogram(Float32Array.of(0.5, 0.5)))).toBe(2)
  expect(responseHistogram(Float32Array.of(NaN))).toEqual({ bins: [], count: 0, missing: 1 })
})
