import { describe, expect, it } from 'vitest'
import { difference, median, speedUp, summary, table } from '../../../bench/product/report.ts'
import type { Round } from '../../../bench/product/contender.ts'

const round = (seconds: number, cpu = seconds): Round => ({ seconds, cpu, peakMiB: 100 * seconds })

describe('median', () => {
  it('is the value in the middle, or the mean of the two there', () => {
    expect(median([5, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 8])).toBe(3)
  })
  it('refuses an empty list', () => expect(() => median([])).toThrow(RangeError))
})

describe('speedUp', () => {
  it('is the median of the ratios of each round, which differs from the ratio of the medians', () => {
    // Ratios 1/2, 3/1 and 8/4: median 2. Medians 3 and 2 would give 1.5.
    const other = [round(1), round(3), round(8)]
    const own = [round(2), round(1), round(4)]
    expect(speedUp(own, other)).toBe(2)
  })
  it('is not known beside one that was skipped', () => {
    expect(speedUp([round(1)], 'not installed')).toBeNull()
    expect(speedUp([round(1)], [])).toBeNull()
  })
})

describe('summary', () => {
  it('is of one step, with the cores of the rounds and the largest memory', () => {
    const found = summary([round(2, 3), round(4, 8), round(6, 9)], 2)
    expect(found).toMatchObject({
      seconds: 2,
      cpu: 4,
      cores: 1.5,
      peakMiB: 600,
      operations: null,
      outside: null,
    })
  })
  it('counts the operations of a step and the seconds outside them', () => {
    const found = summary([{ ...round(2), operations: 1000, library: 1.5 }], 2)
    expect(found).toMatchObject({ operations: 500, outside: 0.25 })
  })
})

describe('table', () => {
  const measured = [
    { name: 'PyTorch', format: 'float32', setting: 'channels-last', outcome: [round(2), round(4)] },
    {
      name: 'TensorFlow graph',
      format: 'float32',
      setting: '',
      outcome: 'no --tensorflow <python> was given',
    },
    { name: 'CoTrain', format: 'bfloat16', setting: '', outcome: [round(1), round(2)] },
  ]
  it('names skipped contenders with the reason and compares with those that were measured', () => {
    const lines = table(measured, 1).split('\n')
    expect(lines[0]).toContain('| x PyTorch |')
    expect(lines[0]).not.toContain('x TensorFlow graph')
    expect(lines[2]).toMatch(/^\| PyTorch \| channels-last \| 3.00 \| 3.00 \| 1.00 \| 400 \|.*\| 1 \|$/)
    expect(lines[3]).toContain('| TensorFlow graph | skipped: no --tensorflow <python> was given |')
    expect(lines[4]).toMatch(/^\| CoTrain, bfloat16 \|.*\| 2.00 \|$/)
  })
})

describe('difference', () => {
  it('is the largest relative one, and unknown for lists of different batches', () => {
    expect(difference([10, 100], [11, 101])).toBeCloseTo(0.1)
    expect(difference([1], [1, 2])).toBeNull()
    expect(difference([], [])).toBeNull()
  })
})
