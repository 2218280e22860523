import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { metricKey } from '../../../src-shared/contract/metric-keys.ts'
import type { RunStore } from '../../store/run-store.ts'
import { keptMoments } from './kept-moments.ts'

/**
 * The score on validation data by which the weights of a finished run were chosen: that of the first monitored task in the final
 * evaluation, else of its best checkpoint. Higher is better.
 * @throws CotrainError `run-state` for a run that has neither
 */
export function validationScore(store: RunStore, id: string): number {
  const record = store.read(id)
  const { config } = record.config.trainer
  const task = 'to_monitor' in config ? config.to_monitor[0] : undefined
  const final =
    task === undefined ? null : (record.scores[metricKey('FinalValidation', task, 'eval')] ?? null)
  if (final !== null) return final
  const kept = keptMoments(store, record).find(({ manifest }) => manifest.best)?.manifest.score ?? null
  if (kept !== null) return kept
  throw new CotrainError({
    code: 'run-state',
    path: id.slice(0, 10),
    message: 'it has no validation score, by which the best of its seeds is chosen.',
    hint: 'Leave add_final_val_eval of the trainer on, or name one seed in place of best-of-seeds.',
  })
}
