import type { SessionShape } from './shape.ts'

/**
 * Where the readout bias starts: the mean response over the training set, or over the first batch as the published code
 * has it. Absent when the session does not know it (a model built for its shapes only); the bias then starts at 0.
 */
export function startingBias(
  session: SessionShape,
  from: 'training_set' | 'first_batch',
): { readonly meanResponse?: ArrayLike<number> } {
  const mean = from === 'training_set' ? session.meanResponse : session.firstBatchMean
  return mean === undefined ? {} : { meanResponse: mean }
}
