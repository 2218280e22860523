import { expect, it } from 'vitest'
import { nearestLine, valuesAt } from '../../../../../../src-renderer/ui/charts/line/line-values.ts'

const line = (id: string, y: number) => ({
  id,
  label: id,
  token: '--c0',
  dash: [],
  points: [
    { x: 0, y },
    { x: 1, y },
  ],
})
const values = valuesAt([line('low', 1), line('high', 9), line('mid', 5)], 0.4)

it('lists the greatest first', () => {
  expect(values.map((v) => v.series.id)).toEqual(['high', 'mid', 'low'])
})

it('finds the line within reach of the pointer', () => {
  expect(nearestLine(values, 5.4, 1)).toBe('mid')
  expect(nearestLine(values, 7, 1)).toBeNull()
})
