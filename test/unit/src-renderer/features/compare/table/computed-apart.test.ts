import { describe, expect, it } from 'vitest'
import type { CompareRow } from '../../../../../../src-renderer/features/compare/table/compare-rows.ts'
import type { Comparison } from '../../../../../../src-renderer/features/compare/base/comparison.ts'
import {
  computedApart,
  rowMark,
} from '../../../../../../src-renderer/features/compare/table/computed-apart.ts'

const MIXED = ['TensorFlow 2.15.0 on AMD EPYC', 'TensorFlow 2.15.0 on Intel Xeon']
// Only what these functions read.
const comparison = {
  runs: [
    { id: 'a', name: 'wide', seed: 1, status: 'finished', end: null, scores: {} },
    { id: 'b', name: 'wide', seed: 2, status: 'finished', end: null, scores: {} },
  ],
  continued: { a: '1 thread instead of 2 threads' },
  groups: [{ name: 'wide', ids: ['a', 'b'], mixed: MIXED, metrics: [] }],
} as unknown as Comparison
const row = (ids: string[], parent: string | null = null) => ({ ids, parent }) as unknown as CompareRow

describe('runs that were computed apart', () => {
  it('are named with what they were computed with', () => {
    expect(computedApart(comparison)).toEqual([
      'wide, seed 1, was resumed with 1 thread instead of 2 threads.',
      `The seeds of wide were computed on ${MIXED.join(' and on ')}.`,
    ])
  })

  it('mark their own row and that of their setting', () => {
    expect(rowMark(comparison, row(['a']))).toBe('Resumed with 1 thread instead of 2 threads')
    expect(rowMark(comparison, row(['b'], 'wide'))).toBe('')
    expect(rowMark(comparison, row(['a', 'b']))).toContain('Computed on TensorFlow')
  })

  it('leave no mark where all were computed alike', () => {
    const alike = { ...comparison, continued: {}, groups: [] }
    expect([computedApart(alike), rowMark(alike, row(['a', 'b']))]).toEqual([[], ''])
  })

  it('are told apart by number format, where that is not the same', () => {
    const apart = { ...comparison, continued: {}, groups: [], precisions: ['tf32', 'float32'] }
    const [first, second] = comparison.runs
    const runs = [first!, { ...second!, name: 'exact' }]
    expect(computedApart({ ...apart, runs } as Comparison)).toEqual([
      "Computed in different number formats: tf32 (wide), float32 (exact). A difference may be the format's.",
    ])
  })

  it('name what must be known of the scores: one test image', () => {
    const [first, second] = comparison.runs
    const few = {
      ...comparison,
      runs: [{ ...first!, scores: { 'FinalTest/v1/images': 1 } }, second!],
      continued: {},
      groups: [],
    }
    expect(computedApart(few)).toEqual(['wide, seed 1: V1 was tested on 1 image; such scores say little.'])
    expect(rowMark(few, row(['a']))).toBe('V1 was tested on 1 image; such scores say little')
    expect(rowMark(few, row(['b']))).toBe('')
  })
})
