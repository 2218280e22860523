import { recipeHash } from '../../golden/golden-tensors.ts'
import type { Checksum } from './fixture.ts'

/** Sum, sum of squares and the product with the numbers of seed 0 come before the entries. */
const SUMS = 3
/** Sums of rounding errors: within so many standard deviations, if each value errs by the tolerance on its own. */
const DEVIATIONS = 4

const weight = (i: number): number => (2 * recipeHash(i, 0)) / 4294967296 - 1

/**
 * How far values are from a checksum of the published code, in units of the tolerance: at most 1 passes. Entries err
 * relative to `scale`, the largest magnitude unless given; sums as much as independent errors of that size add up to.
 */
export function checksumError(
  values: ArrayLike<number>,
  expected: Checksum,
  tolerance: number,
  scale = largest(values),
): number {
  const count = values.length
  let [sum, squares, product] = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    const x = values[i] as number
    sum += x
    squares += x * x
    product += x * weight(i)
  }
  const one = tolerance * Math.max(scale, Number.MIN_VALUE)
  const many = (of: number): number => tolerance * Math.abs(of) + DEVIATIONS * one * Math.sqrt(count)
  const [wantedSum, wantedSquares, wantedProduct] = expected as readonly [number, number, number]
  const errors = [
    Math.abs(sum - wantedSum) / many(wantedSum),
    Math.abs(squares - wantedSquares) / (2 * scale * many(Math.sqrt(wantedSquares))),
    Math.abs(product - wantedProduct) / many(wantedProduct),
  ]
  const entries = expected.slice(SUMS)
  entries.forEach((entry, i) => {
    const at = Math.floor((i * (count - 1)) / (entries.length - 1))
    errors.push(Math.abs((values[at] as number) - entry) / one)
  })
  return errors.reduce((a, b) => (Number.isNaN(b) ? Infinity : Math.max(a, b)), 0)
}

export function largest(values: ArrayLike<number>): number {
  let top = 0
  for (let i = 0; i < values.length; i++) top = Math.max(top, Math.abs(values[i] as number))
  return top
}
