import { describe, expect, it } from 'vitest'
import { pairOf } from '../../../../../../src-renderer/features/compare/units/pair-of.ts'
import { comparedRows } from '../../../../../../src-renderer/features/compare/base/compared-rows.ts'
import { COMPARISON, RUNS } from '../../../../../views/features/compare/small-comparison.ts'

const [plain1, plain2, joint1, joint2] = RUNS.map((r) => r.id)

const rows = (baseline: string | null, from = 0, to = 4) =>
  comparedRows({ ...COMPARISON, baseline, runs: RUNS.slice(from, to) }, 'runs')

describe('two rows to compare unit by unit', () => {
  it('are at first the baseline, or the first, and the same seed of another setting', () => {
    expect(pairOf(rows(plain2 ?? ''), '', '')).toEqual([plain2, joint2])
    expect(pairOf(rows(null), '', '')).toEqual([plain1, joint1])
    expect(pairOf(rows(null, 0, 2), '', '')).toEqual([plain1, plain2])
  })

  it('are two settings over seeds', () => {
    expect(pairOf(comparedRows({ ...COMPARISON, baseline: joint2 ?? '' }, 'seeds'), '', '')).toEqual([
      joint1,
      plain1,
    ])
  })

  it('stay as they were chosen', () => {
    expect(pairOf(rows(plain1 ?? ''), joint2 ?? '', plain2 ?? '')).toEqual([joint2, plain2])
  })

  it('stay two when one is gone', () => {
    expect(pairOf(rows(joint1 ?? '', 1), plain1 ?? '', joint1 ?? '')).toEqual([plain2, joint1])
    expect(pairOf(rows(plain1 ?? '', 0, 3), joint1 ?? '', joint2 ?? '')).toEqual([joint1, plain1])
  })

  it('are none or one where there are no two', () => {
    expect(pairOf([], 'gone', 'gone too')).toEqual(['', ''])
    expect(pairOf(rows(null, 0, 1), '', '')).toEqual([plain1, ''])
    expect(pairOf(rows(null, 0, 1), 'gone', plain1 ?? '')).toEqual(['', plain1])
  })
})
