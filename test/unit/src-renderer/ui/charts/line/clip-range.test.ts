import { expect, it } from 'vitest'
import { clipNote, clipRange } from '../../../../../../src-renderer/ui/charts/line/clip-range.ts'

const series = (values: readonly (number | null)[]) => [
  { id: 'a', label: 'a', token: '--c0', dash: [], points: values.map((y, x) => ({ x, y })) },
]

it('leaves out the outermost values and says how many', () => {
  const clip = clipRange(series([...Array.from({ length: 198 }, (_, i) => i / 198), 1e6, null, -1e6]))!
  expect(clip.low).toBeGreaterThan(-1)
  expect(clip.high).toBeLessThan(2)
  expect(clipNote(clip)).toBe('clipped to 1–99 %: 2 points lie outside')
})

it('changes nothing where nothing lies far outside, and where there is nothing', () => {
  expect(clipRange(series(Array.from({ length: 50 }, (_, i) => i % 2)))).toBeNull()
  expect(clipRange(series([]))).toBeNull()
  expect(clipNote(null)).toBe('')
})
