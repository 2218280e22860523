/** Logits [images, classes] row-major. */
export interface Logits {
  readonly images: number
  readonly classes: number
  readonly values: Float32Array | Float64Array
}

/** One image's logits as float64. */
const rowOf = (logits: Logits, image: number): Float64Array =>
  Float64Array.from(logits.values.subarray(image * logits.classes, (image + 1) * logits.classes))

/** Class with the largest logit; the first of equals. */
export function predictedClasses(logits: Logits): Int32Array {
  return Int32Array.from({ length: logits.images }, (_, image) => {
    const row = rowOf(logits, image)
    return row.reduce((best, value, k) => (value > row[best]! ? k : best), 0)
  })
}

/** Percent of images whose label is among the k largest logits (equal logits: the lower class first). */
export function topKAccuracy(logits: Logits, labels: ArrayLike<number>, k: number): number {
  let hits = 0
  for (let image = 0; image < logits.images; image++) {
    const row = rowOf(logits, image)
    const label = labels[image]!
    const own = row[label]!
    const ahead = row.reduce(
      (count, value, c) => count + (value > own || (value === own && c < label) ? 1 : 0),
      0,
    )
    if (ahead < k) hits++
  }
  return (100 * hits) / logits.images
}

/** Percent of images classified correctly. */
export const accuracy = (logits: Logits, labels: ArrayLike<number>): number => topKAccuracy(logits, labels, 1)

/** Counts [classes, classes]: rows are labels, columns predictions. */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): Int32Array {
  const counts = new Int32Array(classes * classes)
  for (let i = 0; i < labels.length; i++) {
    const cell = labels[i]! * classes + predicted[i]!
    counts[cell] = counts[cell]! + 1
  }
  return counts
}

/** Percent correct per class [classes]; NaN for a class without images. */
export function accuracyPerClass(confusion: Int32Array, classes: number): Float64Array {
  return Float64Array.from({ length: classes }, (_, k) => {
    const row = confusion.subarray(k * classes, (k + 1) * classes)
    return (100 * row[k]!) / row.reduce((sum, count) => sum + count, 0)
  })
}

/** Largest softmax probability per image [images]. */
export function confidences(logits: Logits): Float64Array {
  return Float64Array.from({ length: logits.images }, (_, image) => {
    const row = rowOf(logits, image)
    const top = row.reduce((a, b) => Math.max(a, b), -Infinity)
    return 1 / row.reduce((sum, value) => sum + Math.exp(value - top), 0)
  })
}

export interface Calibration {
  /** Expected calibration error in 0..1: mean |accuracy - confidence| over bins, weighted by images. */
  readonly error: number
  readonly bins: readonly CalibrationBin[]
}

export interface CalibrationBin {
  readonly count: number
  readonly accuracy: number
  readonly confidence: number
}

/** The usual number of equal-width bins (Guo et al. 2017). */
const CALIBRATION_BINS = 15

/** Expected calibration error over equal-width confidence bins (low, high]; empty bins have NaN means. */
export function calibration(
  logits: Logits,
  labels: ArrayLike<number>,
  binCount = CALIBRATION_BINS,
): Calibration {
  const sums = Array.from({ length: binCount }, () => ({ count: 0, correct: 0, confidence: 0 }))
  const predicted = predictedClasses(logits)
  confidences(logits).forEach((confidence, image) => {
    const at = Math.min(Math.max(Math.ceil(confidence * binCount) - 1, 0), binCount - 1)
    const bin = sums[at]! // clamped to the bins
    bin.count++
    bin.confidence += confidence
    if (predicted[image] === labels[image]) bin.correct++
  })
  const gap = sums.reduce((sum, bin) => sum + Math.abs(bin.correct - bin.confidence), 0)
  const bins = sums.map(({ count, correct, confidence }) => ({
    count,
    accuracy: correct / count,
    confidence: confidence / count,
  }))
  return { error: gap / logits.images, bins }
}
