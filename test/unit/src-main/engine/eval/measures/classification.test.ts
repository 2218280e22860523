import { describe, expect, it } from 'vitest'
import {
  accuracy,
  accuracyPerClass,
  calibration,
  confidences,
  confusionMatrix,
  predictedClasses,
  topKAccuracy,
} from '../../../../../support/measures/classification.ts'

const ln = Math.log
/** Probabilities as logits: rows (0.7, 0.2, 0.1), (0.1, 0.8, 0.1), (0.5, 0.3, 0.2), (0.2, 0.2, 0.6). */
const logits = {
  images: 4,
  classes: 3,
  values: Float64Array.from([0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.5, 0.3, 0.2, 0.2, 0.2, 0.6].map(ln)),
}
const labels = [0, 1, 1, 0]

describe('classification measures', () => {
  it('gives accuracy in percent, top-1 and top-k', () => {
    expect(accuracy(logits, labels)).toBe(50)
    expect(topKAccuracy(logits, labels, 2)).toBe(100)
    expect(topKAccuracy(logits, labels, 3)).toBe(100)
  })

  it('breaks ties towards the lower class, like the prediction', () => {
    const tied = { images: 1, classes: 3, values: Float32Array.from([1, 1, 1]) }
    expect([...predictedClasses(tied)]).toEqual([0])
    expect([0, 1, 2].map((label) => accuracy(tied, [label]))).toEqual([100, 0, 0])
  })

  it('counts labels against predictions', () => {
    const confusion = confusionMatrix(predictedClasses(logits), labels, 3)
    expect([...confusion]).toEqual([1, 0, 1, 1, 1, 0, 0, 0, 0])
    expect([...accuracyPerClass(confusion, 3)]).toEqual([50, 50, NaN])
  })

  it('weighs the gap between confidence and accuracy by the images of a bin', () => {
    expect([...confidences(logits)]).toEqual([0.7, 0.8, 0.5, 0.6].map((p) => expect.closeTo(p, 12)))
    // Two bins: (0.5, 1] holds 0.7, 0.8, 0.6 with two of three right; (0, 0.5] holds 0.5, wrong.
    const { error, bins } = calibration({ ...logits }, labels, 2)
    const upper = bins[1]
    expect(error).toBeCloseTo((Math.abs(2 - 2.1) + 0.5) / 4, 6)
    expect(upper?.count).toBe(3)
    expect(upper?.accuracy).toBeCloseTo(2 / 3, 12)
  })

  it('survives logits beyond the range of exp', () => {
    expect(confidences({ images: 1, classes: 2, values: Float32Array.from([5000, 0]) })[0]).toBe(1)
  })
})
