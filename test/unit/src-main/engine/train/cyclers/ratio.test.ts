import { describe, expect, it } from 'vitest'
import {
  neuralBatchesBefore,
  neuralBatchesIn,
  ratioAt,
} from '../../../../../../src-main/engine/train/cyclers/ratio.ts'

describe('neuralBatchesBefore', () => {
  it.each([2, 3, 4, 5, 7, 10, 15])('agrees with the published rule for 1/%i', (k) => {
    for (let i = 0; i < 200; i++) {
      expect(neuralBatchesBefore(i, 1 / k)).toBe(neuralBatchesBefore(i, 1 / k, 'published'))
    }
  })

  it('is not thrown off by rounding: 1/49 comes at every 49th batch', () => {
    expect(neuralBatchesBefore(48, 1 / 49)).toBe(1)
    expect(neuralBatchesIn(490, 1 / 49)).toBe(10)
  })

  it('refuses fractions above 1 under the published rule only', () => {
    expect(() => neuralBatchesBefore(0, 1.5, 'published')).toThrow(
      'the published rule takes whole ratios above 1, got 1.5',
    )
    expect(neuralBatchesIn(4, 1.5)).toBe(6)
  })

  it('refuses negative ratios', () => {
    expect(() => neuralBatchesBefore(0, -1)).toThrow('expected a number of at least 0, got -1')
  })
})

describe('ratioAt', () => {
  it('uses the entry with the largest epoch not above the current one, keys as numbers', () => {
    const schedule = { '10': 2, '1': 0.5, '3': 1 }
    expect([1, 2, 3, 9, 10, 50].map((epoch) => ratioAt(schedule, epoch))).toEqual([0.5, 0.5, 1, 1, 2, 2])
  })

  it('accepts 0 as first epoch', () => {
    expect(ratioAt({ 0: 3 }, 1)).toBe(3)
  })

  it('demands an entry for epoch 1 and whole epochs as keys', () => {
    expect(() => ratioAt({ 2: 1 }, 1)).toThrow('no ratio is given for epoch 1')
    expect(() => ratioAt({ one: 1 }, 1)).toThrow('expected an epoch as key, got "one"')
  })
})
