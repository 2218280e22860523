import { expect, it } from 'vitest'
import { progressLine } from '../../../../../../src-main/host/cli/base/follow-runs.ts'
import { progressText } from '../../../../../../src-shared/contract/progress-text.ts'
import type { RunProgress } from '../../../../../../src-shared/contract/run.ts'

const training: RunProgress = {
  phase: 'training',
  detail: '',
  epoch: 4,
  epochs: 12,
  step: 3500,
  stepOfEpoch: 500,
  stepsPerEpoch: 1000,
  fraction: 0.5,
  imagesPerSecond: 1450.4,
  secondsLeft: 723,
  loaderWait: 0.01,
  memoryBytes: null,
  at: 0,
}
const validating = { ...training, phase: 'validating' as const, detail: 'img_classification validation' }
const evaluating = { ...training, phase: 'evaluating' as const, detail: 'gaussian_noise, severity 3' }
const run = { shortId: 'ab12cd34ef', name: 'Baseline', seed: 1 }

it('says where a run stands in words of the field, for the window and the terminal', () => {
  expect([training, validating, evaluating].map(progressText)).toEqual([
    'Epoch 4 of 12, step 500 of 1000',
    'Validating: classification validation',
    'Evaluating: Gaussian noise, severity 3',
  ])
})

it('prints that text with the part that is done, the speed and the time left', () => {
  expect(progressLine(run, training)).toBe(
    'ab12cd34ef "Baseline" Epoch 4 of 12, step 500 of 1000, 1450 images/s, at most 12 min 3 s left',
  )
  const waiting = { ...validating, fraction: 0.4, imagesPerSecond: null, secondsLeft: null }
  expect(progressLine({ ...run, name: '' }, waiting)).toBe(
    'ab12cd34ef seed 1 Validating: classification validation, 40 %',
  )
})
