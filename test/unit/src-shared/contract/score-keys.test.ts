import { describe, expect, it } from 'vitest'
import {
  isHeadline,
  orderedScoreKeys,
  scoreNamed,
  shortScoreLabel,
  withMeanCorrupted,
} from '../../../../src-shared/contract/score-keys.ts'

const SCORES = {
  'FinalValidation/v1/eval': 0.5,
  'FinalTest/v1/loss': 3,
  'FinalTest/v1/eval': 0.4,
  'FinalTestInDomain/img_classification/eval': 97,
  'fly_c_test fog 1/img_classification/eval': 90,
  'fly_c_test fog 2/img_classification/eval': 70,
  'fly_c_test fog 2/img_classification/loss': 1,
  'Time/seconds': 12,
}

describe('orderedScoreKeys', () => {
  it('puts headlines first, other test scores next, and leaves single corruptions and the time out', () => {
    expect(orderedScoreKeys(Object.keys(SCORES))).toEqual([
      'FinalTestInDomain/img_classification/eval',
      'FinalTest/v1/eval',
      'FinalTest/v1/loss',
      'FinalValidation/v1/eval',
    ])
  })
})

describe('withMeanCorrupted', () => {
  it('averages the accuracies over corruptions', () => {
    expect(withMeanCorrupted(SCORES)['Robustness/mean_corrupted_accuracy']).toBe(80)
  })

  it('keeps a mean that was measured, and adds none without corruptions', () => {
    const measured = { ...SCORES, 'Robustness/mean_corrupted_accuracy': 75 }
    expect(withMeanCorrupted(measured)).toBe(measured)
    const clean = { 'FinalTest/v1/eval': 1 }
    expect(withMeanCorrupted(clean)).toBe(clean)
  })
})

it('finds a score by the name that people use, whatever noise it was tested under', () => {
  expect(scoreNamed(SCORES, 'accuracy')).toBe(97)
  expect(scoreNamed({ 'FinalTest/img_classification/eval': 96 }, 'accuracy')).toBe(96)
  expect(scoreNamed(SCORES, 'finaltest/v1/loss')).toBe(3)
  expect(scoreNamed(SCORES, 'v4')).toBeNull()
})

it('shortens labels for headings', () => {
  expect(shortScoreLabel('FinalTestInDomain/img_classification/eval')).toBe('Accuracy')
  expect(shortScoreLabel('FinalTest/v1/avg_correlation')).toBe('V1 corr. to avg.')
  expect(shortScoreLabel('FinalValidation/img_classification/loss')).toBe('loss (validation)')
  expect(isHeadline('FinalTest/v1/loss')).toBe(false)
})
