import { describe, expect, it } from 'vitest'
import { filterRuns } from '../../../../src-shared/run-filter/filter-runs.ts'
import { scoreKeys } from '../../../../src-renderer/features/runs/run-columns.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'

const runs = demoRuns().map((r) => r.summary)
const names = (text: string, status: Parameters<typeof filterRuns>[1]['status'] = 'all') =>
  filterRuns(runs, { text, status }).map((r) => r.name)

describe('filterRuns', () => {
  it('finds words in name, note, id and tags; all must occur', () => {
    expect(names('shuffled control')).toEqual(['demo shuffled control'])
    expect(names('reference')).toEqual(['demo baseline'])
    expect(names(runs[1]!.shortId)).toEqual(['demo co-trained'])
  })

  it('compares scores', () => {
    expect(names('v1>0.42')).toEqual(['demo co-trained'])
    expect(names('accuracy<=95')).toEqual(['demo baseline'])
    expect(names('accuracy>0 accuracy<0')).toEqual([])
  })

  it('leaves out runs without the score that is compared', () => {
    expect(names('v1<1')).not.toContain('demo baseline')
  })

  it('searches single fields', () => {
    expect(names('seed:3000')).toEqual(['co-trained, wider'])
    expect(names('status:failed')).toEqual(['co-trained, rate 0.1'])
    expect(names('dataset:img')).toEqual(['demo baseline'])
    expect(names('tag:demo')).toHaveLength(runs.length)
  })

  it('counts waiting runs as active', () => {
    expect(names('', 'live')).toHaveLength(4)
    expect(names('', 'starred')).toEqual(['demo co-trained'])
  })
})

it('puts the scores asked for first and leaves the time to its own column', () => {
  const keys = scoreKeys(runs)
  expect(keys[0]).toBe('FinalTest/img_classification/eval')
  expect(keys).not.toContain('Time/seconds')
})
