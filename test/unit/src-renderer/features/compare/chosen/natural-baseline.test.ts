import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../../../../../src-shared/contract/run.ts'
import { naturalBaseline } from '../../../../../../src-renderer/features/compare/chosen/natural-baseline.ts'

const TEST = 'FinalTestInDomain/img_classification/eval'
const V1 = 'FinalTest/v1/eval'
const run = (id: string, groupId: string, ...keys: string[]) =>
  ({ id, groupId, scores: Object.fromEntries(keys.map((key) => [key, 1])) }) as unknown as RunSummary // what the function reads

describe('naturalBaseline', () => {
  it('is the setting that only classifies, among co-trained ones', () => {
    const runs = [run('c', 'co', TEST, V1), run('a', 'alone', TEST), run('b', 'alone', TEST)]
    expect(naturalBaseline(runs)).toBe('a')
  })

  it('leaves the choice to the reader where two settings only classify', () => {
    expect(naturalBaseline([run('a', 'x', TEST), run('b', 'y', TEST), run('c', 'co', TEST, V1)])).toBeNull()
  })

  it('is none without a co-trained run, and does not take a run without scores', () => {
    expect(naturalBaseline([run('a', 'x', TEST), run('b', 'x', TEST)])).toBeNull()
    expect(naturalBaseline([run('a', 'x'), run('c', 'co', TEST, V1)])).toBeNull()
  })
})
