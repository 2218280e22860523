import {
  GRADIENT_COSINE,
  metricKey,
  SHARED_NORM,
  watchedKey,
} from '../../../../src-shared/contract/metric-keys.ts'
import type { Grads } from '../../types.ts'
import { readNumber } from '../../tensor/index.ts'
import type { BatchNumbers } from './batch-numbers.ts'
import { globalNorm, gradientBalance } from './gradients.ts'
import type { Hook } from '../hooks/hook.ts'
import type { SavedMeans } from '../state/running-means.ts'
import { runningMeans } from '../state/running-means.ts'
import type { TrainingState } from '../state/training-state.ts'

/** Training numbers since the last report, by metric key. */
export interface EpochTally {
  add(numbers: BatchNumbers): void
  /**
   * Size of the gradient of a step: its whole norm, or where earlier batches of the step were of other tasks (`apart`) the
   * norm of each part and the cosine between them over the parameters they share.
   */
  gradients(task: string, pending: Grads, current: Grads, apart: boolean): Promise<void>
  take(): Record<string, number>
  save(): SavedMeans
}

/** Means over an epoch, weighted by images; `saved` are those of an epoch that was interrupted. */
export function epochTally(saved: SavedMeans): EpochTally {
  const means = runningMeans(saved)
  return {
    add: ({ tasks, extra, watched, images }) => {
      for (const { task, loss, penalty, criterion, correct } of tasks) {
        means.add(metricKey('Training', task, 'loss'), loss, images)
        means.add(metricKey('Training', task, 'criterion'), criterion, images)
        if (task === 'img_classification')
          means.add(metricKey('Training', task, 'eval'), (100 * correct) / images, images)
        else means.add(metricKey('Training', task, 'regularizer'), penalty, images)
      }
      for (const [name, value] of extra) means.add(metricKey('Training', name, 'loss'), value, images)
      for (const [name, value] of watched) means.add(watchedKey(name), value, images)
    },
    gradients: async (task, pending, current, apart) => {
      if (!apart) return means.add(metricKey('Training', task, 'grad_norm'), await globalNorm(current), 1)
      const { normA, normB, shared } = await gradientBalance(pending, current)
      means.add(metricKey('Training', 'neural', 'grad_norm'), normA, 1)
      means.add(metricKey('Training', task, 'grad_norm'), normB, 1)
      if (shared === null) return
      means.add(metricKey('Training', 'neural', SHARED_NORM), shared.normA, 1)
      means.add(metricKey('Training', task, SHARED_NORM), shared.normB, 1)
      if (shared.cosine !== null) means.add(GRADIENT_COSINE, shared.cosine, 1)
    },
    take: () => means.take(),
    save: () => means.save(),
  }
}

/** What is learned beside the network now: log_w and exp(log_w) of each task, and what modules report of theirs. */
export async function learnedNumbers(
  state: TrainingState,
  hooks: readonly Hook[],
): Promise<Record<string, number>> {
  const out: Record<string, number> = {}
  for (const hook of hooks)
    for (const [name, value] of Object.entries((await hook.report?.(state.store.tensors)) ?? {}))
      out[metricKey('Training', hook.name, name)] = value
  for (const [task, name] of state.lossWeights) {
    const logWeight = await readNumber(() => state.store.tensors.get(name)!)
    out[metricKey('Training', task, 'log_w')] = logWeight
    out[metricKey('Training', task, 'loss_weight')] = Math.exp(logWeight)
  }
  return out
}
