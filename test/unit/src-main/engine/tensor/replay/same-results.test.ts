import { scalar, tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { checksums } from '../../../../../../src-main/engine/tensor/replay/same-results.ts'
import { nativeAvailable, useBackend } from '../../../../../support/backend.ts'

/** More values than are summed at a time. */
const LONG = 2 ** 20 + 5

const sumOf = (values: Float32Array): number => {
  const one = tensor(values)
  const [sum] = checksums([one])
  one.dispose()
  return sum!
}

const changedAt = (values: Float32Array, place: number, bit: number): Float32Array => {
  const other = values.slice()
  new Uint32Array(other.buffer)[place]! ^= 1 << bit
  return other
}

describe.skipIf(!(await nativeAvailable()))('checksums of results', () => {
  beforeAll(() => useBackend('native'))

  it('differ where one bit does, wherever it is', () => {
    const values = Float32Array.from({ length: LONG }, (_, i) => Math.sin(i))
    const sum = sumOf(values)
    expect(sumOf(values.slice())).toBe(sum)
    for (const place of [0, 1, 12_345, 2 ** 20 - 1, 2 ** 20, LONG - 1])
      for (const bit of [0, 13, 31]) expect(sumOf(changedAt(values, place, bit))).not.toBe(sum)
  })

  it('see that two values have changed places', () => {
    expect(sumOf(Float32Array.of(1, 2, 3, 4))).not.toBe(sumOf(Float32Array.of(1, 3, 2, 4)))
  })

  it('take bits, not values: NaN equals itself, and 0 differs from -0', () => {
    expect(sumOf(Float32Array.of(NaN, 1))).toBe(sumOf(Float32Array.of(NaN, 1)))
    expect(sumOf(Float32Array.of(0))).not.toBe(sumOf(Float32Array.of(-0)))
  })

  it('are made of whole numbers, truth values and single numbers too', () => {
    const given = [tensor([1, 2], [2], 'int32'), tensor([true, false], [2], 'bool'), scalar(3)]
    const others = [tensor([1, 3], [2], 'int32'), tensor([true, true], [2], 'bool'), scalar(4)]
    const [sums, changed] = [checksums(given), checksums(others)]
    sums.forEach((sum, i) => expect(sum).not.toBe(changed[i]))
    for (const one of [...given, ...others]) one.dispose()
  })
})
