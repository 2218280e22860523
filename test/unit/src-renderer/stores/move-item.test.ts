import { expect, it } from 'vitest'
import { moveItem } from '../../../../src-renderer/stores/move-item.ts'

const move = (to: number, from = 'b') => moveItem(['a', 'b', 'c', 'd'], (x) => x === from, to).join('')

it('moves one item and keeps the order of the others', () => {
  expect([move(0), move(1), move(2), move(3)]).toEqual(['bacd', 'abcd', 'acbd', 'acdb'])
})

it('stops at the ends and ignores unknown items', () => {
  expect([move(-3), move(99), move(0, 'x')]).toEqual(['bacd', 'acdb', 'abcd'])
})
