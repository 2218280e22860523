import { describe, expect, it } from 'vitest'
import { missingReason } from '../../../../src-renderer/format/missing-reason.ts'
import { MEAN_CORRUPTED, metricKey } from '../../../../src-shared/contract/metric-keys.ts'

const ACCURACY = metricKey('FinalTest', 'img_classification', 'eval')
const V4 = metricKey('FinalTest', 'v4', 'eval')
const run = (status: 'finished' | 'running' | 'queued' | 'failed', scores = {}, latest = {}) => ({
  status,
  scores,
  latest,
})

describe('why a score is missing', () => {
  it('is that the run was not trained on it, finished or not', () => {
    expect(missingReason([run('finished', { [ACCURACY]: 90 })], V4)).toBe('not trained on V4 responses')
    const training = run('running', {}, { [metricKey('Training', 'v4', 'loss')]: 1 })
    expect(missingReason([training], ACCURACY)).toBe('not trained on pictures')
    expect(missingReason([run('finished', { [ACCURACY]: 90 })], `later [1a2b]: ${V4}`)).toBe(
      'not trained on V4 responses',
    )
  })

  it('is that it is not evaluated yet, or never will be', () => {
    expect(missingReason([run('queued')], V4)).toBe('not evaluated yet')
    expect(missingReason([run('running', {}, { [metricKey('Training', 'v4', 'loss')]: 1 })], V4)).toBe(
      'not evaluated yet',
    )
    expect(missingReason([run('failed')], V4)).toBe('not evaluated: the run failed')
  })

  it('is that there is no such split, or that the value is no number', () => {
    const done = run('finished', { [ACCURACY]: 90 })
    expect(missingReason([done], MEAN_CORRUPTED)).toMatch(/^not measured: the data have no such split/)
    expect(missingReason([run('finished', { [ACCURACY]: null })], ACCURACY)).toBe(
      'measured, but not a finite number',
    )
  })

  it('is one for all runs of a setting', () => {
    const [done, failed] = [run('finished', { [ACCURACY]: 90 }), run('failed')]
    expect(missingReason([done, failed], V4)).toBe('not trained on V4 responses')
    expect(missingReason([], V4)).toBe('')
  })
})
