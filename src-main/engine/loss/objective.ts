import type { Scalar } from '@tensorflow/tfjs-core'
import { add, mul } from '@tensorflow/tfjs-core'

export interface ObjectiveOptions {
  /** Multiply the criterion by sqrt(N / B), so that batches of sets of any size weigh alike against the regulariser. */
  readonly scale: boolean
  /** Examples in the training set of the session (N). */
  readonly datasetSize: number
  /** Examples in the batch (B). */
  readonly batchSize: number
}

/** Criterion of a neural batch, scaled if asked, plus the regulariser, which is never scaled. [] */
export function neuralObjective(criterion: Scalar, regulariser: Scalar | null, o: ObjectiveOptions): Scalar {
  const scaled: Scalar = o.scale ? mul(criterion, Math.sqrt(o.datasetSize / o.batchSize)) : criterion
  return regulariser === null ? scaled : add(scaled, regulariser)
}
