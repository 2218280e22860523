import { expect, it } from 'vitest'
import {
  confusedPairs,
  rowShares,
} from '../../../../../../src-renderer/features/run/scores/confused-pairs.ts'

const counts = [
  [8, 2, 0],
  [1, 0, 3],
  [0, 0, 0],
]

it('lists mistakes by number of images, with their share of the true class', () => {
  expect(confusedPairs(['a', 'b', 'c'], counts)).toEqual([
    { from: 'b', to: 'c', images: 3, share: 0.75 },
    { from: 'a', to: 'b', images: 2, share: 0.2 },
    { from: 'b', to: 'a', images: 1, share: 0.25 },
  ])
})

it('gives percent of each class, and nothing for a class without images', () => {
  expect(rowShares(counts)).toEqual([
    [80, 20, 0],
    [25, 0, 75],
    [null, null, null],
  ])
})
