import { describe, expect, it } from 'vitest'
import { pairOf } from '../../../../../../src-renderer/features/compare/units/pair-of.ts'
import { RUNS } from '../../../../../views/features/compare/small-comparison.ts'

const [plain1, plain2, joint1, joint2] = RUNS.map((r) => r.id)

describe('two runs to compare unit by unit', () => {
  it('are at first the baseline, or the first run, and the same seed of another setting', () => {
    expect(pairOf(RUNS, plain2 ?? '', '', '')).toEqual([plain2, joint2])
    expect(pairOf(RUNS, null, '', '')).toEqual([plain1, joint1])
    expect(pairOf(RUNS.slice(0, 2), null, '', '')).toEqual([plain1, plain2])
  })

  it('stay as they were chosen', () => {
    expect(pairOf(RUNS, plain1 ?? '', joint2 ?? '', plain2 ?? '')).toEqual([joint2, plain2])
  })

  it('stay two when one is gone', () => {
    expect(pairOf(RUNS.slice(1), joint1 ?? '', plain1 ?? '', joint1 ?? '')).toEqual([plain2, joint1])
    expect(pairOf(RUNS.slice(0, 3), plain1 ?? '', joint1 ?? '', joint2 ?? '')).toEqual([joint1, plain1])
  })

  it('are none or one where there are no two', () => {
    expect(pairOf([], null, 'gone', 'gone too')).toEqual(['', ''])
    expect(pairOf(RUNS.slice(0, 1), null, '', '')).toEqual([plain1, ''])
    expect(pairOf(RUNS.slice(0, 1), null, 'gone', plain1 ?? '')).toEqual(['', plain1])
  })
})
