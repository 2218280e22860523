import type { Tensor2D } from '@tensorflow/tfjs-core'
import { slice } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../src-shared/util/rng.ts'
import type { Loader } from '../types.ts'
import type { Network } from './network.ts'
import { forward } from './network.ts'

/** Scores of a classification set. */
export interface ClassificationScores {
  readonly images: number
  /** Accuracy in percent. */
  readonly accuracy: number
  readonly top5: number
  /** Mean cross entropy per image. */
  readonly loss: number
  /** Expected calibration error over {@link CALIBRATION_BINS} bins of confidence, 0 to 1. */
  readonly ece: number
  /** [classes, classes] images by true class (row) and answer (column). */
  readonly confusion: Int32Array
  readonly classes: number
  /** Per image: position in the source, class, answer, probability of the class and of the answer; in the order of the loader. */
  readonly perImage: {
    readonly index: Int32Array
    readonly label: Int32Array
    readonly answer: Int32Array
    readonly probability: Float32Array
    readonly confidence: Float32Array
  }
}

const CALIBRATION_BINS = 15
const TOP = 5

interface Tally {
  images: number
  correct: number
  inTop: number
  loss: number
  confusion: Int32Array
  binConfidence: Float64Array
  binCorrect: Float64Array
  index: number[]
  label: number[]
  answer: number[]
  probability: number[]
  confidence: number[]
}

const newTally = (classes: number): Tally => ({
  images: 0,
  correct: 0,
  inTop: 0,
  loss: 0,
  confusion: new Int32Array(classes * classes),
  binConfidence: new Float64Array(CALIBRATION_BINS),
  binCorrect: new Float64Array(CALIBRATION_BINS),
  index: [],
  label: [],
  answer: [],
  probability: [],
  confidence: [],
})

/** Adds one image. `logits` [classes] */
function count(tally: Tally, logits: Float32Array, label: number, index: number): void {
  const isKept = label < logits.length // a class beyond the kept ones is never answered
  const own = logits[label] ?? -Infinity
  let best = 0
  let above = 0
  for (let k = 0; k < logits.length; k++) {
    const value = logits[k]!
    if (value > logits[best]!) best = k
    if (value > own || (value === own && k < label)) above++
  }
  const top = logits[best]!
  let sum = 0
  for (let k = 0; k < logits.length; k++) sum += Math.exp(logits[k]! - top)
  const confidence = 1 / sum
  const bin = Math.min(CALIBRATION_BINS - 1, Math.floor(confidence * CALIBRATION_BINS))
  const hit = best === label ? 1 : 0
  tally.images += 1
  tally.correct += hit
  tally.inTop += isKept && above < TOP ? 1 : 0
  tally.loss += Math.log(sum) + top - own
  if (isKept) tally.confusion[label * logits.length + best]! += 1
  tally.binConfidence[bin]! += confidence
  tally.binCorrect[bin]! += hit
  tally.index.push(index)
  tally.label.push(label)
  tally.confidence.push(confidence)
  tally.answer.push(best)
  tally.probability.push(Math.exp(own - top) / sum)
}

function scoresOf(tally: Tally, classes: number): ClassificationScores {
  let ece = 0
  for (let b = 0; b < CALIBRATION_BINS; b++) {
    ece += Math.abs(tally.binConfidence[b]! - tally.binCorrect[b]!)
  }
  const n = Math.max(1, tally.images)
  return {
    images: tally.images,
    accuracy: (100 * tally.correct) / n,
    top5: (100 * tally.inTop) / n,
    loss: tally.loss / n,
    ece: ece / n,
    confusion: tally.confusion,
    classes,
    perImage: {
      index: Int32Array.from(tally.index),
      label: Int32Array.from(tally.label),
      answer: Int32Array.from(tally.answer),
      probability: Float32Array.from(tally.probability),
      confidence: Float32Array.from(tally.confidence),
    },
  }
}

/** First `keep` logits of each row, all for keep <= 0. */
export function keepClasses(logits: Tensor2D, keep: number): Tensor2D {
  return keep > 0 && keep < logits.shape[1] ? slice(logits, [0, 0], [-1, keep]) : logits
}

/**
 * Scores a classification set in evaluation mode, batch by batch; yields the share that is done.
 * `keep` > 0: only the first `keep` logits count (return_classification_subset).
 */
export async function* classify(
  network: Network,
  loader: Loader,
  rng: Rng,
  keep = -1,
): AsyncGenerator<number, ClassificationScores> {
  let tally: Tally | null = null
  let classes = 0
  let done = 0
  for await (const batch of loader.epoch(rng)) {
    const inputs = network.view?.(batch.inputs, loader.key, done) ?? batch.inputs
    const output = forward(network, inputs, { task: 'img_classification' })
    const kept = keepClasses(output, keep)
    classes = kept.shape[1]
    tally ??= newTally(classes)
    const logits = await kept.data<'float32'>()
    const labels = await batch.targets.data()
    for (let i = 0; i < labels.length; i++) {
      count(tally, logits.subarray(i * classes, (i + 1) * classes), labels[i]!, batch.index[i] ?? i)
    }
    if (kept !== output) kept.dispose()
    output.dispose()
    if (inputs !== batch.inputs) inputs.dispose()
    batch.inputs.dispose()
    batch.targets.dispose()
    yield ++done / loader.batches
  }
  return scoresOf(tally ?? newTally(classes), classes)
}
