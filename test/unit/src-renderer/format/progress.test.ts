import { describe, expect, it } from 'vitest'
import type { RunProgress } from '../../../../src-shared/contract/run.ts'
import {
  epochTimeText,
  newsText,
  quietText,
  runFraction,
  runLine,
  timeLeftText,
} from '../../../../src-renderer/format/progress.ts'

const training: RunProgress = {
  phase: 'training',
  detail: '',
  epoch: 4,
  epochs: 12,
  step: 3500,
  stepOfEpoch: 500,
  stepsPerEpoch: 1000,
  fraction: 0.5,
  imagesPerSecond: 100,
  secondsLeft: 5280,
  loaderWait: 0.01,
  memoryBytes: null,
  at: 1_000_000,
}

describe('progress of a run', () => {
  it('counts finished epochs and the part of the current one', () => {
    expect(runFraction(training)).toBeCloseTo(3.5 / 12, 10)
  })

  it('counts an epoch as done while it is validated', () => {
    expect(runFraction({ ...training, phase: 'validating' })).toBeCloseTo(4 / 12, 10)
    expect(runFraction({ ...training, phase: 'preparing', epoch: 0 })).toBe(0)
  })

  it('is complete while the final evaluation runs', () => {
    expect(runFraction({ ...training, phase: 'evaluating' })).toBe(1)
  })

  it('says "at most", because early stopping may end sooner', () => {
    expect(timeLeftText(training)).toBe('at most 1 h 28 min left')
  })

  it('says so when no news comes, so that slow is not taken for dead', () => {
    expect(quietText(training, training.at + 5_000)).toBe('')
    expect(quietText(training, training.at + 65_000)).toBe('no news for 1 min 5 s')
  })
})

describe('the line about a run', () => {
  it('has the epoch, the time of one and the time left', () => {
    // 5280 s for the 8.5 epochs that are left.
    expect(runLine(training)).toBe('Epoch 4 of 12, 10 min 21 s each, at most 1 h 28 min left')
    expect(runLine({ ...training, phase: 'validating', detail: 'v1' })).toMatch(/^Validating: V1, /)
  })

  it('leaves out a pace that is not known', () => {
    expect(epochTimeText({ ...training, secondsLeft: null })).toBe('')
    expect(epochTimeText({ ...training, epoch: 12, stepOfEpoch: 999 })).toBe('')
  })

  it('tells the age of the last news', () => {
    expect(newsText(training, training.at + 900)).toBe('news just now')
    expect(newsText(training, training.at + 7200)).toBe('news 7 s ago')
    expect(newsText(training, training.at + 75_000)).toBe('news 1 min 15 s ago')
    expect(newsText(training, training.at - 500)).toBe('news just now')
  })
})
