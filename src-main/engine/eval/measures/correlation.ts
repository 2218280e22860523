import { mean, variance } from './moments.ts'
import { meanPerImage, type RepeatedResponses } from './repeated-responses.ts'
import { checkSameShape, unitColumn, type ResponseMatrix } from './response-matrix.ts'
import type { UnitScores } from './unit-scores.ts'

/** Added to standard deviations by neuralpredictors, so that a constant series correlates with 0 instead of 0/0. */
const SD_GUARD = 1e-8

/** Added to variances by neuralpredictors' Corr and AvgCorr losses. */
const VARIANCE_GUARD = 1e-12

function covariance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! - meanA) * (b[i]! - meanB)
  return sum / a.length
}

/** Pearson correlation with guarded population deviations: 0 for constant series, NaN only for empty or missing data. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const deviations = (Math.sqrt(variance(a, 0)) + SD_GUARD) * (Math.sqrt(variance(b, 0)) + SD_GUARD)
  return covariance(a, b) / deviations
}

/** Correlation as neuralpredictors' Corr loss computes it (guard inside the root); AvgCorr is minus the mean over units. */
export function correlationForLoss(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return covariance(a, b) / Math.sqrt((variance(a, 0) + VARIANCE_GUARD) * (variance(b, 0) + VARIANCE_GUARD))
}

/** Correlation as neuralpredictors' torch function computes it: sample deviations, hence (n-1)/n of Pearson's. */
export function correlationSampleDeviation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const deviations = (Math.sqrt(variance(a, 1)) + SD_GUARD) * (Math.sqrt(variance(b, 1)) + SD_GUARD)
  return covariance(a, b) / deviations
}

/** Rows in which neither series is missing. */
function paired(a: Float64Array, b: Float64Array): readonly [Float64Array, Float64Array] {
  const both = (_: number, i: number): boolean => !Number.isNaN(a[i]) && !Number.isNaN(b[i])
  return [a.filter(both), b.filter(both)]
}

/**
 * Correlation per unit over the rows of two matrices [rows, units] (`get_correlations` where rows are single trials).
 * Undefined (constant or no data) gives 0 as published and is flagged.
 */
export function correlationPerUnit(responses: ResponseMatrix, predictions: ResponseMatrix): UnitScores {
  checkSameShape(responses, predictions)
  const values = new Float64Array(responses.units)
  const defined = new Uint8Array(responses.units)
  for (let unit = 0; unit < responses.units; unit++) {
    const [t, y] = paired(unitColumn(responses, unit), unitColumn(predictions, unit))
    const value = correlation(t, y)
    values[unit] = Number.isFinite(value) ? value : 0
    defined[unit] = Number.isFinite(value) && variance(t, 0) > 0 && variance(y, 0) > 0 ? 1 : 0
  }
  return { values, defined }
}

/** Correlation over images of the mean over repeats with the prediction [images, units] (`get_avg_correlations`). */
export function correlationToAverage(responses: RepeatedResponses, predictions: ResponseMatrix): UnitScores {
  return correlationPerUnit(meanPerImage(responses), predictions)
}
