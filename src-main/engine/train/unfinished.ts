import type { TrainResult } from '../types.ts'

/** The result of a training that was asked to stop: nothing was scored. */
export const UNFINISHED: TrainResult = {
  end: { reason: 'asked', scoredEpoch: null, divergence: null, untrained: [] },
  scores: {},
  arrays: new Map(),
  weights: new Map(),
}
