import { expect, it } from 'vitest'
import { assignSlots, styleOf } from '../../../../src-renderer/format/series-style.ts'

it('gives neighbours different colours and keeps them when others come or go', () => {
  const first = assignSlots({}, ['a', 'b', 'c'])
  expect(first).toEqual({ a: 0, b: 1, c: 2 })
  expect(assignSlots(first, ['b', 'x', 'c', 'y'])).toEqual({ ...first, x: 3, y: 4 })
})

it('keeps the colour that a person chose', () => {
  expect(assignSlots({ a: 5 }, ['a', 'b'])).toEqual({ a: 5, b: 0 })
})

it('tells 32 runs apart by colour and dash', () => {
  const looks = Array.from({ length: 32 }, (_, i) => JSON.stringify([styleOf(i).token, styleOf(i).dash]))
  expect(new Set(looks).size).toBe(32)
})
