import { expect, it } from 'vitest'
import { entriesOf, keysOf } from '../../../../src-shared/util/entries-of.ts'

it('gives the keys and values of a table in its order, and none of what it inherits', () => {
  const table: Partial<Record<'train' | 'test', number>> = { test: 2, train: 1 }
  expect(keysOf(table)).toEqual(['test', 'train'])
  expect(entriesOf(table)).toEqual([
    ['test', 2],
    ['train', 1],
  ])
  expect(entriesOf(Object.create({ inherited: 1 }))).toEqual([])
})
