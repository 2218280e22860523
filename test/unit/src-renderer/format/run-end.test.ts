import { describe, expect, it } from 'vitest'
import { endText } from '../../../../src-renderer/format/run-end.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'

const run = (status: string) => demoRuns().find((r) => r.summary.status === status)!.summary

describe('endText', () => {
  it('tells the scores of a finished run', () => {
    const text = endText({
      ...run('finished'),
      name: 'a',
      seconds: 190,
      scores: { 'FinalTest/img_classification/eval': 96.94 },
    })
    expect(text).toEqual({ title: 'a finished', body: 'Classification accuracy (test): 96.9 %\n3 min 10 s' })
  })

  it('tells the cause of a failure', () => {
    expect(endText(run('failed'))?.body).toContain('not a number')
  })

  it('is silent while a run waits or works', () => {
    expect(endText(run('running'))).toBeNull()
    expect(endText(run('queued'))).toBeNull()
  })
})
