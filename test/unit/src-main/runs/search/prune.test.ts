import { describe, expect, it } from 'vitest'
import type { OtherTrial } from '../../../../../src-main/runs/search/prune.ts'
import { bracketOf, pruneReason } from '../../../../../src-main/runs/search/prune.ts'
import type { Objective } from '../../../../../src-shared/schema/search.ts'

const UP: Objective = { metric: 'a', direction: 'max' }
const DOWN: Objective = { metric: 'a', direction: 'min' }
const done = (...curves: number[][]): OtherTrial[] =>
  curves.map((curve, i) => ({ number: i + 1, curve, isFinished: true }))

describe('the median rule', () => {
  const rule = { rule: 'median', trials: 3, epochs: 1 } as const
  const others = done([10, 20, 30], [11, 22, 33], [12, 24, 36])
  const own = (...curve: number[]) => ({ number: 4, curve, epochs: 3 })

  it('ends a trial whose best value is below the median of the others at that epoch', () => {
    expect(pruneReason(rule, UP, own(5, 21), others)).toBe(
      'ended at epoch 2: below the median of 3 finished trials',
    )
    expect(pruneReason(rule, UP, own(5, 22), others)).toBeNull()
    // The best so far counts, not the last.
    expect(pruneReason(rule, UP, own(23, 1), others)).toBeNull()
    expect(pruneReason(rule, DOWN, own(30, 23), others)).toContain('epoch 2')
    expect(pruneReason(rule, DOWN, own(30, 22), others)).toBeNull()
  })

  it('waits for its epochs and trials, and leaves the last epoch alone', () => {
    expect(pruneReason(rule, UP, own(1), others)).toBeNull()
    expect(pruneReason(rule, UP, own(1, 1), others.slice(1))).toBeNull()
    expect(pruneReason(rule, UP, own(1, 1, 1), others)).toBeNull()
    const working = others.map((other) => ({ ...other, isFinished: false }))
    expect(pruneReason(rule, UP, own(1, 1), working)).toBeNull()
  })
})

describe('hyperband', () => {
  // Nine epochs, factor 3: brackets with rungs at 1, 3, at 3, and without any; by 9, 5 and 3 trials.
  const rule = { rule: 'hyperband', epochs: 1, factor: 3 } as const

  it('gives brackets as many trials as the published schedule does', () => {
    const brackets = Array.from({ length: 17 }, (_, i) => bracketOf(i + 1, 3, 3))
    expect([0, 1, 2].map((b) => brackets.filter((one) => one === b).length)).toEqual([9, 5, 3])
    expect(bracketOf(18, 3, 3)).toBe(0)
  })

  it('lets the best 1 in 3 of those that came to a rung go on', () => {
    const others = done([50], [60], [70], [40], [30]).map((other) => ({ ...other, isFinished: false }))
    const own = (value: number, ...more: number[]) => ({ number: 6, curve: [value, ...more], epochs: 9 })
    expect(pruneReason(rule, UP, own(65), others)).toBeNull()
    expect(pruneReason(rule, UP, own(55), others)).toBe(
      'ended at epoch 1: not among the best 1 in 3 of 6 trials of its bracket',
    )
    // At the next rung there is nobody yet.
    expect(pruneReason(rule, UP, own(55, 56, 57), others)).toBeNull()
  })

  it('compares within a bracket only', () => {
    const others = done([90], [91], [92])
    // Trial 10 is in the second bracket, whose first rung is at epoch 3.
    expect(pruneReason(rule, UP, { number: 10, curve: [1], epochs: 9 }, others)).toBeNull()
    expect(pruneReason(rule, UP, { number: 10, curve: [1, 1, 1], epochs: 9 }, others)).toBeNull()
    expect(pruneReason(rule, UP, { number: 4, curve: [1], epochs: 9 }, others)).toContain('epoch 1')
  })
})
