import { expect, it } from 'vitest'
import { inPieces } from '../../../../../../src-main/engine/tensor/index.ts'

const sizes = (values: readonly number[]): readonly (readonly number[])[] => inPieces(values, (one) => one)

it('leaves a small network in one piece', () => {
  expect(sizes([1000, 20, 300_000])).toEqual([[1000, 20, 300_000]])
  expect(sizes([])).toEqual([])
})

it('cuts a large one into at most eight, in order and none left out', () => {
  const values = Array.from({ length: 60 }, (_, i) => 100_000 * (1 + (i % 9)))
  const pieces = sizes(values)
  expect(pieces.length).toBeGreaterThan(4)
  expect(pieces.length).toBeLessThanOrEqual(8)
  expect(pieces.flat()).toEqual(values)
})

it('gives one tensor that is most of the network a piece of its own', () => {
  expect(sizes([17_000_000, 2_000_000, 400_000, 300_000])).toEqual([
    [17_000_000],
    [2_000_000, 400_000, 300_000],
  ])
})
