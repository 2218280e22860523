import { describe, expect, it } from 'vitest'
import { createRng } from '../../../../src-shared/util/rng.ts'
import { checksumError } from '../../../support/published/checksum.ts'
import { recipeHash } from '../../../golden/golden-tensors.ts'

const COUNT = 4000
const TOLERANCE = 1e-5

const values = ((rng) => Float64Array.from({ length: COUNT }, () => rng.normal()))(createRng(3))

/** As test/golden/make/checksum.py writes it, with two entries. */
function checksumOf(x: Float64Array): readonly number[] {
  const weighed = x.map((v, i) => v * ((2 * recipeHash(i, 0)) / 4294967296 - 1))
  const sum = (of: Float64Array): number => of.reduce((a, b) => a + b, 0)
  return [sum(x), sum(x.map((v) => v * v)), sum(weighed), x[0] as number, x.at(-1) as number]
}

const expected = checksumOf(values)
const errorOf = (changed: ArrayLike<number>): number => checksumError(changed, expected, TOLERANCE)

describe('the checksum of a published tensor', () => {
  it('passes rounding to float32', () => {
    expect(errorOf(Float32Array.from(values))).toBeLessThan(1)
  })

  it('notices what is wrong although first and last entry are right', () => {
    const inner = (change: (v: number, i: number) => number): Float64Array =>
      values.map((v, i) => (i === 0 || i === COUNT - 1 ? v : change(v, i)))
    const swapped = Float64Array.from(values)
    ;[swapped[7], swapped[2000]] = [values[2000] as number, values[7] as number]
    expect(errorOf(swapped), 'two values swapped').toBeGreaterThan(1)
    expect(errorOf(inner((v) => v * 1.001)), 'scaled').toBeGreaterThan(1)
    expect(errorOf(inner((v) => v + 1e-4)), 'moved').toBeGreaterThan(1)
    expect(errorOf(inner((v, i) => (i === 9 ? v + 0.1 : v))), 'one value off').toBeGreaterThan(1)
    expect(errorOf(inner((_v, i) => values[COUNT - 1 - i] as number)), 'the other way round').toBeGreaterThan(
      1,
    )
    expect(errorOf(inner((v, i) => (i === 9 ? NaN : v))), 'not a number').toBeGreaterThan(1)
  })
})
